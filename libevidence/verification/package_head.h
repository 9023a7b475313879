// What a package says about the history it comes from, as far as its sealer signed it: a head that
// another package, or the case, can be held to. Private to the room.
//
// Thread rule: plain functions and values.
#pragma once

#include <optional>
#include <string>

#include "base/checkpoint_text.h"
#include "base/file.h"
#include "package/documents.h"
#include "signature/cms_signature.h"

namespace evidence {

struct PackageHead {
    std::string manifest_sha256;  // what identifies the package
    PackageDocument document;     // package.json
    CheckpointText checkpoint;    // custody/checkpoint
    DetachedSignature signature;  // 001; it holds
};

// Error(malformed) when the file is no package or signature 001 does not hold over what is read
// here; nothing else of the package is looked at. `where` is quoted.
PackageHead read_package_head(const File& package, const std::string& where);

// The link after `size` events in the ledger extract of that package, once the chain was followed
// from its beginning to the signed checkpoint; nullopt when it does not lead there or is shorter.
std::optional<Sha256> link_in_package(const File& package, const PackageHead& head,
                                      std::uint64_t size);

}  // namespace evidence
