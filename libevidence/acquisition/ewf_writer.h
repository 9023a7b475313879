// Writes an Expert Witness (E01, "EnCase 6") set, image.E01, image.E02 .. of a medium whose size is
// known, through libewf; what costs time, compressing, is done on all processors, and once, also
// when the set is written to two places.
//
// Thread rule: belongs to one thread; has workers of its own.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "acquisition/bad_ranges.h"
#include "acquisition/ewf_options.h"
#include "acquisition/ewf_segments.h"
#include "digest/digest.h"

namespace evidence {

class EwfWriter {
public:
    // Does check_ewf_options. The same set, byte for byte, is written to `second_folder` as well.
    // Error(exists) when a file of the set is there.
    explicit EwfWriter(const EwfOptions& options,
                       const std::optional<fs::path>& second_folder = std::nullopt);
    // Without finish() what was written stays where it is, to be thrown away.
    ~EwfWriter();
    EwfWriter(const EwfWriter&) = delete;
    EwfWriter& operator=(const EwfWriter&) = delete;

    // Consecutive buffers, 1 MiB each but for the last of the medium, as broadcast() hands them out
    // to those who take several at a time. Error(io).
    void write(std::span<const ByteView> buffers, std::uint64_t offset);
    // After all of the medium: stores what of md5 and sha1 is in `digests`, which are those of the
    // content, and `unread` as acquisition errors, whole sectors; makes the set durable; opens it
    // and compares what it says of itself with what it was to say. Error(io). To be called once.
    std::vector<EwfSegment> finish(const DigestSet& digests, const BadRanges& unread);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace evidence
