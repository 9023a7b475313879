// Verification of a plain BagIt bag: RFC 8493 (BagIt 1.0) and the drafts 0.93 to 0.97, as a folder
// or serialized as ZIP or tar.
//
// A bag has no signature: structure and content are all that can be said about it. Memory grows
// with the names in it alone. Thread rule: independent calls may run in parallel.
#pragma once

#include <optional>

#include "base/context.h"
#include "base/file.h"
#include "verification/verify_package.h"

namespace evidence {

// Whatever is wrong with the bag is a finding. nullopt when the folder, or the file, shows no sign
// of being a bag. Error(io), Error(interrupted).
std::optional<VerificationReport> verify_bag_folder(const fs::path& folder,
                                                    const VerificationOptions& options,
                                                    const Context& context);
std::optional<VerificationReport> verify_bag_archive(const File& file,
                                                     const VerificationOptions& options,
                                                     const Context& context);

}  // namespace evidence
