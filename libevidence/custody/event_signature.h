// Checks who signed the events of a chain. Private to the room; ChainVerifier is the door.
#pragma once

#include <map>

#include "custody/chain_verification.h"

namespace evidence {

class EventSignatureChecker {
public:
    EventSignatureChecker(const ChainExpectations& expectations, Findings& findings)
        : expectations_(expectations), findings_(findings) {}

    enum class Outcome { unsigned_event, verified, refused };
    // Findings about the signature of a shown event, and what came of it.
    Outcome check(const LedgerLine& line, const std::string& where);

private:
    struct Signer {
        Certificate certificate;
        UtcTime not_before, not_after;
    };
    const Signer* find_signer(const LedgerLine& line, const std::string& where);
    std::vector<Certificate> chain_of(const std::string& fingerprint, const std::string& where);
    void check_trust(const std::vector<Certificate>& chain, UtcTime at, const std::string& where);

    const ChainExpectations& expectations_;
    Findings& findings_;
    std::map<std::string, Signer, std::less<>> signers_;  // by fingerprint
};

}  // namespace evidence
