// What the statements of a transfer (transfer/statement.h) have in common, whatever their kind.
// Private to the room.
//
// Thread rule: plain functions and values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "transfer/statement.h"

namespace evidence {

struct StatementClaims {
    StatementKind kind{};
    std::string transfer, signer;              // id; fingerprint of who signs
    UtcTime at;                                // the signer's word
    std::optional<CheckpointText> checkpoint;  // of the signer's ledger
    std::string manifest_sha256;               // of the package; empty in a close
    std::string offer_sha256;                  // that an answer answers; empty in others
};

// By its `format` member; the errors of the parse functions.
StatementClaims parse_statement(std::string_view document, std::string_view where);

}  // namespace evidence
