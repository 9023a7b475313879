// The transfer key: 256 random bits that every part of one transfer is encrypted under. It travels
// in key.p7m, encrypted to each recipient, as three lines of text:
//
//     evidence-key/1
//     0f0e0d0c-0b0a-4908-8706-050403020100
//     <64 hex digits>
#pragma once

#include <string>
#include <string_view>

#include "base/context.h"
#include "signature/envelope.h"

namespace evidence {

class TransferKey {
public:
    // Error(malformed) unless `transfer` is a UUID.
    TransferKey(std::string transfer, const EnvelopeSecret& secret);
    static TransferKey create(std::string transfer, RandomSource& random);
    // Error(malformed) unless `text` is the three lines; Error(refused) when they name another
    // transfer.
    static TransferKey parse(std::string_view text, std::string_view transfer,
                             std::string_view where);

    std::string text() const;
    const std::string& transfer() const { return transfer_; }
    const EnvelopeSecret& secret() const { return secret_; }
    const EnvelopeKeyId& id() const { return id_; }  // the 16 bytes of the transfer's UUID

private:
    std::string transfer_;
    EnvelopeSecret secret_;
    EnvelopeKeyId id_;
};

// The 16 bytes of a UUID. Error(malformed) for anything else.
EnvelopeKeyId uuid_bytes(std::string_view uuid);

}  // namespace evidence
