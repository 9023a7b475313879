// The content of an Expert Witness (E01) set against what was recorded about it. Private to the
// room.
//
// Thread rule: plain function; works with threads of its own.
#pragma once

#include <vector>

#include "acquisition/ewf_medium.h"
#include "base/context.h"
#include "base/error.h"

namespace evidence {

struct RecordedContent {
    std::uint64_t size_bytes = 0;
    DigestSet digests;
};

// Reads the content of the set out of its segments and says in words what is otherwise; empty:
// nothing is. Error(malformed), Error(unsupported) for content that cannot be read.
std::string ewf_difference(std::vector<EwfExtent> segments, const RecordedContent& recorded,
                           const Context& context);

// An image that was damaged when it was taken in has a map that says so, and nobody claims more of
// it than that; likewise one whose form is beyond us.
bool is_known_damage(const Error& error, bool has_map, bool was_taken_in);

}  // namespace evidence
