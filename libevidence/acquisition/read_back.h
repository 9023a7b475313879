// Reads a written object back from the disk and compares every piece with the digest taken while
// it was written, on all cores.
#pragma once

#include "acquisition/object_recorder.h"
#include "base/context.h"

namespace evidence {

// Error(io) names the first piece that differs.
void read_back(const fs::path& folder, ItemKind kind, const ObjectFacts& facts,
               const Context& context);

}  // namespace evidence
