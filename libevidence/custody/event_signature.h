// Checks who signed the events of a chain. Private to the room; ChainVerifier is the door.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "custody/chain_verification.h"

namespace evidence {

class EventSignatureChecker {
public:
    EventSignatureChecker(const ChainExpectations& expectations, Findings& findings)
        : expectations_(expectations), findings_(findings) {}

    // trusted: verified, and the signer chained to an anchor when the event was written.
    enum class Outcome { unsigned_event, refused, verified, trusted };
    // For each line whether its signature is one by the certificate it names, worked out on all
    // cores; false for a line that has none.
    std::vector<char> verify(std::span<const LedgerLine> lines);
    // Findings about the signature of a shown event, and what came of it. `verified`: by verify().
    Outcome check(const LedgerLine& line, bool verified, const std::string& where);

private:
    struct Signer {
        std::vector<Certificate> chain;  // leaf first; empty when there is no fitting one
        std::string problem;             // why not
        UtcTime not_before, not_after;   // of the leaf
        bool without_anchor = false;     // at no time a way to one; said already
        // Times between which the chain was found to hold.
        std::optional<UtcTime> trusted_from, trusted_until;
    };
    Signer& find_signer(const std::string& fingerprint);
    Signer load_signer(const std::string& fingerprint);
    bool is_trusted(Signer& signer, UtcTime at, const std::string& where);
    bool report_trust(Signer& signer, UtcTime at, const std::string& where);
    Findings trust_at(const Signer& signer, UtcTime at, const std::string& where) const;

    const ChainExpectations& expectations_;
    Findings& findings_;
    std::map<std::string, Signer, std::less<>> signers_;  // by fingerprint
    std::size_t loads_ = 0;
};

}  // namespace evidence
