// Checks a stream of ledger lines: numbering, tags, links, event signatures, and that no withheld
// event concerns the items at hand.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "base/finding.h"
#include "custody/chain.h"
#include "custody/ledger_line.h"
#include "signature/trust.h"

namespace evidence {

struct ChainExpectations {
    std::string ledger_id;                     // the chain must be this ledger's
    std::string case_number;                   // and every event of this case
    bool any_case = false;                     // that of the first shown event, whatever it is
    std::map<std::string, ItemKey> item_keys;  // items whose relevance can be proven
    std::set<std::string> items;               // items at hand; those without key: not provable
    bool of_package = false;                   // of a package: only events about `items` are shown
    bool of_disclosure = false;                // withheld events may concern withheld items too
    std::optional<UtcTime> not_later_than;     // created_at of the package
    // The chain of a signer by fingerprint, leaf first; empty when unknown.
    std::function<std::vector<Certificate>(std::string_view fingerprint)> signer_chain;
    const TrustStore* trust = nullptr;  // nullptr: say nothing about trust
    // What unsigned events and signers without a trusted chain weigh.
    Weight weight_of_unsigned = Weight::warning;
};

struct ChainFacts {
    std::uint64_t events = 0, withheld = 0, unsigned_events = 0;
    Sha256 link{};  // of the last line
    // Fingerprints that signed shown events, and those of them that chained to an anchor when they
    // did.
    std::set<std::string> signers, trusted_signers;
    // Shown events by type; those beyond the first 1000 types under "(others)".
    std::map<std::string, std::uint64_t> event_types;
};

// Findings, of the custody layer and "failed" unless said otherwise:
//   custody.gap                     a line is missing, doubled or out of place
//   custody.link-broken             a line does not continue the one before it
//   custody.event-malformed         a line could not be read
//   custody.open-missing            event 0 is not a shown `open`, or there is no event
//   custody.wrong-ledger            an event of another ledger
//   custody.wrong-case              an event of another case
//   custody.tags-wrong              tags of a wrong shape, or without the tag of an event's item
//   custody.shown-without-need      an extract shows an event that is not about its items alone
//   custody.hidden-event            a withheld event concerns an item at hand
//   custody.event-shared            warning: the same in a disclosure: it may concern others too
//   custody.signature-invalid       the signature does not verify
//   custody.signature-stripped      actor and signature do not agree on whether and by whom
//   custody.signer-unknown          the certificate of a signer is not there
//   custody.signer-untrusted        warning: no trusted chain for a signer; or one that had
//                                   expired or been revoked when the event was written
//   custody.unsigned-events         warning: how many
//   custody.relevance-not-provable  warning: items at hand without key, some events withheld
//   time.inconsistent               layer time: written after the latest time possible, or outside
//                                   the validity of the signer's certificate
//
// Memory does not grow with the number of lines. Thread rule: one verifier per thread.
class ChainVerifier {
public:
    ChainVerifier(ChainExpectations expectations, Findings& findings);
    ~ChainVerifier();

    // Its findings may come with a later call: signatures are verified many at a time.
    void add(const LedgerLine& line);
    // A line that could not even be parsed; the next one may have any number.
    void add_malformed(std::string message);
    // Says what can only be said about the whole. Call it once, after the last line.
    ChainFacts finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace evidence
