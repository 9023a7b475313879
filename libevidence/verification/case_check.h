// What the checks of one case folder share: where it is, what its chain said, what is reported.
// Private to the room.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "custody/ledger.h"
#include "verification/verify_target.h"

namespace evidence {

struct CaseCheck {
    CaseCheck(const fs::path& case_folder, const VerificationOptions& given,
              const Context& surroundings, VerificationReport& answer)
        : folder(case_folder), options(given), context(surroundings), report(answer) {}

    const fs::path& folder;
    const VerificationOptions& options;
    const Context& context;
    VerificationReport& report;
    struct Acquired {
        std::uint64_t seq;
        std::string acquisition_sha256;  // empty when the event does not say
        DigestSet digests;
    };
    std::map<std::string, Acquired> acquired;  // by item, as the chain says

    // What the chain must be at a size, because a checkpoint says so.
    struct Promise {
        std::uint64_t size;
        Sha256 link;
        std::string where;
    };
    std::vector<Promise> promises;
    // By transfer and kind; `recorded` once an event names it.
    struct Statement {
        std::string sha256;
        bool recorded = false;
    };
    std::map<std::pair<std::string, std::string>, Statement> statements;
    std::set<std::string> packages;              // manifest_sha256 of those the chain knows
    std::map<std::uint64_t, std::string> seals;  // manifest_sha256 by number of the event
    // A file in packages/; the last two of packages from this ledger only.
    struct KeptPackage {
        std::string where, manifest_sha256;
        std::optional<std::uint64_t> ledger_size;
        std::string previous_manifest_sha256;
    };
    std::vector<KeptPackage> kept_packages;

    // The tables beside the chain, as far as they could be read. The chain does not protect them.
    std::vector<ItemRow> items;

    void fail(std::string code, Layer layer, std::string message, std::string where) {
        report.findings.add(std::move(code), layer, Weight::failed, std::move(message),
                            std::move(where));
    }
    // Does what reads the store; false, with custody.store-damaged, when it is not in its form.
    bool reads_store(const std::function<void()>& action);
};

// The chain, who signed it, and that the store's tables agree with it. Fills in `check`.
void check_case_ledger(CaseCheck& check, const Ledger& ledger);
// Before the chain is read: signatures and shape of the checkpoints and transfer statements that
// the store keeps. Fills in `promises` and `statements`.
void check_case_promises(CaseCheck& check, const Ledger& ledger);
// While it is read: the statement an event names is the one the store keeps.
void check_statement_event(CaseCheck& check, const Event& event);
// After it was read: statements that no event names.
void check_unrecorded_statements(CaseCheck& check);
// Before the chain is read: what lies in CASE/packages/. Fills in `kept_packages`, and `promises`
// by the signed checkpoints of those from this ledger.
void note_case_packages(CaseCheck& check, const Ledger& ledger);
// After it was read: packages that no event names, or that name another previous package than was
// sealed before them.
void check_case_packages(CaseCheck& check);
// Every item's files against its acquisition record and its acquire event.
void check_case_items(CaseCheck& check);

}  // namespace evidence
