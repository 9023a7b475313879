// The end of a transfer. Its sender records the recipient's answer and acknowledges a receipt by a
// close; its recipient records the close.
#pragma once

#include <optional>
#include <string>

#include "base/context.h"
#include "base/file.h"
#include "signature/identity.h"
#include "signature/timestamp_authority.h"
#include "transfer/statement.h"
#include "transfer/transfer_record.h"

namespace evidence {

// The transfer folder itself, or a transfer id that the case knows.
struct TransferName {
    std::string id;
    fs::path folder;  // CASE/transfers/<id> when only the id was given
};
// Error(not_found) when `text` is neither a folder nor an id in the case; Error(malformed) for a
// folder without an offer. `case_folder` may be null.
TransferName find_transfer(std::string_view text, const CaseFolder* case_folder);

struct ClosedTransfer {
    Offer offer;
    Answer answer;
    std::optional<fs::path> close_path;  // none when the answer was a refusal
};

// For the sender: records the answer at `answer_path` (receipt.json or refusal.json, its signature
// beside it) and closes the transfer. A refusal is recorded, never closed. Events: `receipt` or
// `refuse`, `close`. The answer and the close are also put into the transfer folder.
//
// Error(refused) unless this case sent the transfer, the answer is signed by who it says, answers
// exactly this offer, and its signer is one of the offer's recipients or chains to a trust anchor;
// also when another answer is recorded. A transfer that has been closed is not closed again: the
// close that was made stays, nothing is recorded twice, and files that a crash or the way lost are
// put back. Error(crypto) for a certificate that is not valid now. `authority`, when there is one,
// is asked for a time-stamp over the close. Precondition: require_sealing_identity passed.
ClosedTransfer close_transfer(const TransferName& transfer, const fs::path& answer_path,
                              const SigningIdentity& identity, const TransferCase& side,
                              const TrustStore& trust, const Context& context,
                              const TimestampAuthority* authority = nullptr);

// For the recipient: records the sender's close that came back in the transfer folder. Event:
// `close`. Error(refused) unless it closes the receipt this case gave, by the offer's sender or
// somebody who chains to a trust anchor.
ClosedTransfer record_close(const TransferName& transfer, const TransferCase& side,
                            const TrustStore& trust, const Context& context);

}  // namespace evidence
