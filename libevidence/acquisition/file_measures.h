// Measures the finished files of an object, one after another: digests, CRC-32 and pieces of each,
// and the list of all pieces.
//
// Thread rule: plain function; works with threads of its own.
#pragma once

#include <string>
#include <vector>

#include "acquisition/item_files.h"
#include "base/context.h"

namespace evidence {

struct FileMeasures {
    std::vector<SegmentFacts> files;    // in order, with SHA-256
    std::optional<Sha256> pieces_root;  // of all pieces, when there are several
};

// Reads every file once, on several threads. Writes the list of pieces to `pieces` when there are
// several of them; it is durable then. Error(io), Error(interrupted).
FileMeasures measure_files(const fs::path& folder, const std::vector<std::string>& names,
                           const fs::path& pieces, const Context& context);

}  // namespace evidence
