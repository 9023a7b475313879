// What the checks of one case folder share: where it is, what its chain said, what is reported.
// Private to the room.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "custody/ledger.h"
#include "verification/verify_target.h"

namespace evidence {

struct CaseCheck {
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

    // The tables beside the chain, as far as they could be read. The chain does not protect them.
    std::vector<ItemRow> items;
    std::vector<CheckpointRow> checkpoints;

    void fail(std::string code, Layer layer, std::string message, std::string where) {
        report.findings.add(std::move(code), layer, Weight::failed, std::move(message),
                            std::move(where));
    }
    // Does what reads the store; false, with custody.store-damaged, when it is not in its form.
    bool reads_store(const std::function<void()>& action);
};

// The chain, who signed it, and that the store's tables agree with it. Fills in `check`.
void check_case_ledger(CaseCheck& check, const Ledger& ledger);
// Every item's files against its acquisition record and its acquire event.
void check_case_items(CaseCheck& check);

}  // namespace evidence
