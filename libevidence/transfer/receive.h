// Receiving: a transfer folder into a package, verified before it gets its name, and answered by a
// signed receipt or refusal.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/file.h"
#include "signature/identity.h"
#include "signature/timestamp_authority.h"
#include "transfer/statement.h"
#include "transfer/transfer_record.h"

namespace evidence {

// What the verification of a package says; how it is done is the business of a higher room.
struct PackageOpinion {
    Verdict verdict = Verdict::total_failed;
    std::vector<std::string> findings;  // codes that go into the answer
};
using PackageVerifier = std::function<PackageOpinion(const fs::path& package)>;

struct ReceiveRequest {
    fs::path source;  // the transfer folder
    fs::path output;  // the package
    std::string media;
    const TimestampAuthority* authority =
        nullptr;  // to ask for a time-stamp over the answer; not owned
};

// Who receives: the signer of the answer, and the key that opens the transfer (the same one unless
// the signer's card cannot decrypt).
struct Recipient {
    const SigningIdentity& signer;
    const SigningIdentity& decrypter;
};

struct ReceivedTransfer {
    Offer offer;
    Answer answer;
    fs::path answer_path;  // receipt.json or refusal.json
};

// Nothing appears under `output` before the offer's signature, every part and tag, digest and size
// of the package, and `verify` are content: a verdict of TOTAL-FAILED leaves a refusal only. The
// answer goes into the transfer folder, or where that cannot be written, into the case alone.
// With a case: events `receive` and `receipt` or `refuse`; a transfer is received there only once.
//
// Errors: refused (signature, signer, parts, digests, replay), crypto (for somebody else),
// malformed (no transfer folder), not_found, exists, io, interrupted.
// Precondition: require_sealing_identity passed for the signer.
ReceivedTransfer receive_transfer(const ReceiveRequest& request, const Recipient& recipient,
                                  const TrustStore& trust, const PackageVerifier& verify,
                                  const TransferCase* side, const Context& context);

// Refuses a transfer unopened, for a reason that is a code ("wrong-authority").
ReceivedTransfer refuse_transfer(const ReceiveRequest& request, std::string_view reason,
                                 const Recipient& recipient, const TrustStore& trust,
                                 const TransferCase* side, const Context& context);

}  // namespace evidence
