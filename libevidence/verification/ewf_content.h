// The content of an Expert Witness (E01) set against what was recorded about it. Private to the
// room.
//
// Thread rule: plain function; works with threads of its own.
#pragma once

#include <vector>

#include "acquisition/ewf_medium.h"
#include "base/context.h"

namespace evidence {

struct RecordedContent {
    std::uint64_t size_bytes = 0;
    DigestSet digests;
};

// Reads the content of the set out of its segments and says in words what is otherwise; empty:
// nothing is. Error(malformed), Error(unsupported) for content that cannot be read.
std::string ewf_difference(std::vector<EwfExtent> segments, const RecordedContent& recorded,
                           const Context& context);

}  // namespace evidence
