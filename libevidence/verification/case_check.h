// What the checks of one case folder share: where it is, what its chain said, what is reported.
// Private to the room.
#pragma once

#include <map>
#include <string>

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
        DigestSet digests;
    };
    std::map<std::string, Acquired> acquired;  // by acquire events

    void fail(std::string code, Layer layer, std::string message, std::string where) {
        report.findings.add(std::move(code), layer, Weight::failed, std::move(message),
                            std::move(where));
    }
};

// The chain, who signed it, and that the store's tables agree with it. Fills in `acquired`.
void check_case_ledger(CaseCheck& check, const Ledger& ledger);
// Every item's files against its acquisition record and its acquire event.
void check_case_items(CaseCheck& check, const Ledger& ledger);

}  // namespace evidence
