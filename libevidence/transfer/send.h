// Sending: a sealed package into a transfer folder. The offer is written last and the folder gets
// its name only when everything in it is durable, so a transfer is there whole or not at all.
#pragma once

#include <optional>
#include <vector>

#include "base/context.h"
#include "base/file.h"
#include "signature/identity.h"
#include "signature/timestamp_authority.h"
#include "transfer/part_list.h"
#include "transfer/statement.h"
#include "transfer/transfer_record.h"

namespace evidence {

struct SendRequest {
    fs::path package;
    fs::path destination;  // folder in which the transfer folder appears
    std::vector<Certificate> recipients;
    PartForm form = PartForm::encrypted;
    std::uint64_t part_size_bytes = default_part_bytes;
    std::optional<UtcTime> answer_by;
    const TimestampAuthority* authority =
        nullptr;  // to ask for a time-stamp over the offer; not owned
};

struct SentTransfer {
    Offer offer;
    fs::path folder;
    bool was_resumed = false;
};

// Reads the package once. With a case: its ledger must know the package (Error(refused)), and
// records `offer` and `dispatch`. An interrupted send goes on when it is asked for again with the
// same package, destination, recipients and part size: parts that are there and hold the right
// bytes are kept. Precondition: require_sealing_identity passed.
//
// Errors: usage (part size, no recipient), malformed (not a sealed package), crypto (a recipient
// who cannot decrypt or whose certificate has expired), exists, io, interrupted.
SentTransfer send_transfer(const SendRequest& request, const SigningIdentity& identity,
                           const TransferCase* side, const Context& context);

}  // namespace evidence
