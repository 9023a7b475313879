// Recognises what it is given and verifies it: a sealed package, a case folder, a transfer folder,
// a statement, a checkpoint, a plain BagIt bag.
#pragma once

#include "verification/verify_package.h"

namespace evidence {

// Error(malformed) when `target` is none of these.
VerificationReport verify_target(const fs::path& target, const VerificationOptions& options,
                                 const Context& context);

// The same of an open file: a package, or a bag in one file.
VerificationReport verify_target(const File& target, const VerificationOptions& options,
                                 const Context& context);

// Who is given "case-7.asice" expects a signed package; nothing else passes under such a name.
bool has_name_of_package(const fs::path& target);

// A case: its ledger as a foreign database, every item's files against its acquisition record and
// its acquire event.
VerificationReport verify_case(const fs::path& folder, const VerificationOptions& options,
                               const Context& context);

// A transfer folder: statements, signatures, parts (transfer/transfer_check.h).
VerificationReport verify_transfer(const fs::path& folder, const VerificationOptions& options,
                                   const Context& context);

}  // namespace evidence
