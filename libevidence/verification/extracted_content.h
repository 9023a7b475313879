// The bytes of one object, or of one file in a tree, on their way out of a package.
// Private to the room.
//
// Thread rule: a plain function; works with threads of its own for large content.
#pragma once

#include "base/context.h"
#include "base/file.h"
#include "digest/digest.h"

namespace evidence {

struct ContentRange {
    std::uint64_t offset = 0, size_bytes = 0;  // in the package
};

// Writes them to `file`, which is empty, whole MiB of zeros as holes. Returns the SHA-256 of what
// was written. Error(malformed) when the package ends before.
Sha256 copy_content(const File& package, ContentRange range, File& file, const Context& context);

}  // namespace evidence
