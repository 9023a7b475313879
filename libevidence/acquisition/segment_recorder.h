// The digests of the segments of an object, in the same pass as everything else.
//
// Thread rule: belongs to one thread.
#pragma once

#include <vector>

#include "acquisition/object_files.h"

namespace evidence {

class SegmentRecorder {
public:
    explicit SegmentRecorder(ObjectLayout layout) : layout_(layout) {}

    // Consecutive buffers of 1 MiB but for the last, so that each belongs to one segment.
    void add(ByteView bytes, std::uint64_t offset);
    // After the last one; the roots of their pieces are not set yet.
    std::vector<SegmentFacts> finish();

private:
    void end_segment();

    ObjectLayout layout_;
    Hasher hasher_{Algorithm::sha256};
    SegmentFacts current_;
    std::vector<SegmentFacts> segments_;
};

// Sets the root of each segment over 1 MiB from the list of all pieces, in which the pieces of one
// segment follow those of the one before. Error(malformed) when the list is not as long as it has
// to be.
void set_piece_roots(std::vector<SegmentFacts>& segments, const fs::path& pieces);

}  // namespace evidence
