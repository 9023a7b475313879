// Reads a written object back from the disk and compares every piece with the digest taken while
// it was written, on all cores.
#pragma once

#include "acquisition/object_recorder.h"
#include "base/context.h"

namespace evidence {

// Error(io) names the first piece that differs.
void read_back(const fs::path& folder, ItemKind kind, const ObjectFacts& facts,
               const Context& context);

// The same for the first `size_bytes` of an object, whole pieces, against a list of their digests.
void read_back_beginning(const fs::path& object, std::uint64_t size_bytes, const fs::path& pieces,
                         const Context& context);

}  // namespace evidence
