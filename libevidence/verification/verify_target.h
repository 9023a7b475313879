// Recognises what it is given and verifies it: a sealed package, a case folder, a transfer folder,
// a plain BagIt bag, a statement or checkpoint by itself.
#pragma once

#include "verification/verify_package.h"

namespace evidence {

// Error(malformed) when `target` is none of these.
VerificationReport verify_target(const fs::path& target, const VerificationOptions& options,
                                 const Context& context);

// A case: its ledger as a foreign database, every item's files against its acquisition record and
// its acquire event.
VerificationReport verify_case(const fs::path& folder, const VerificationOptions& options,
                               const Context& context);

// True for a statement of a transfer or a checkpoint of a ledger with its signature beside it.
bool is_statement(const fs::path& target);

// Its form and signature, who signed it, and from when on it is known to exist.
VerificationReport verify_statement(const fs::path& document, const VerificationOptions& options,
                                    const Context& context);

// A transfer folder: statements, signatures, parts (transfer/transfer_check.h).
VerificationReport verify_transfer(const fs::path& folder, const VerificationOptions& options,
                                   const Context& context);

}  // namespace evidence
