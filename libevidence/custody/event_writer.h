// From what the caller knows to a signed ledger line. Ledger::append is the door; check_draft()
// is there for others too, whose work before the event takes hours.
#pragma once

#include <vector>

#include "custody/ledger.h"

namespace evidence {

// Where in which ledger the next event goes.
struct LedgerPosition {
    std::string ledger_id, case_number;
    std::uint64_t seq = 0;
    Sha256 previous_link{};
};

// What can be said about a draft before its place in the chain is known. Error(usage) for an
// unknown type, unusable text or a time to come, Error(crypto) for a certificate that is not valid
// now: such an event could never be verified, and it could never be taken back.
void check_draft(const EventDraft& draft, const EventAuthor& author, UtcTime now);

// `item_keys`: those of the draft's items.
LedgerLine write_event(const EventDraft& draft, const EventAuthor& author,
                       const LedgerPosition& position, const std::vector<ItemKey>& item_keys,
                       const Context& context);

}  // namespace evidence
