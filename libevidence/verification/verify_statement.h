// Verification of a single paper of a case: a statement of a transfer, a checkpoint of a ledger.
//
// Thread rule: plain functions and values.
#pragma once

#include "verification/verify_package.h"

namespace evidence {

// Whether the file begins like one of them.
bool looks_like_statement(const File& file);

// The shape of the document, the signature beside it (NAME.p7s of NAME.json, FILE.p7s of a
// checkpoint), who made it; a checkpoint also against the heads that were given. What it speaks of
// is not looked at. Error(malformed) when it is none of these.
VerificationReport verify_statement(const fs::path& path, const VerificationOptions& options,
                                    const Context& context);

}  // namespace evidence
