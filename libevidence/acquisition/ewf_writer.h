// Writes an Expert Witness (E01, "EnCase 6") set, image.E01, image.E02 .. of a medium whose size is
// known, through libewf; what costs time, compressing, is done on all processors.
//
// Thread rule: belongs to one thread; has workers of its own.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "acquisition/bad_ranges.h"
#include "acquisition/ewf_chunk_packer.h"
#include "acquisition/ewf_header.h"
#include "acquisition/ewf_segments.h"
#include "digest/digest.h"

namespace evidence {

enum class EwfMedium { physical_disk, removable_disk, optical_disc, logical };

inline constexpr std::uint64_t default_ewf_segment_bytes = 2 * gib;

struct EwfOptions {
    fs::path folder;  // must be there, and hold nothing of that name
    std::string stem = "image";
    std::uint64_t media_bytes = 0;
    unsigned sector_bytes = 512;
    EwfCompression compression = EwfCompression::fast;
    std::uint64_t segment_bytes = default_ewf_segment_bytes;  // of one file at most
    EwfMedium medium = EwfMedium::physical_disk;
    EwfHeader header;
    std::array<std::uint8_t, 16> set_identifier{};  // random, the same in all files of the set
    unsigned workers = 0;                           // 0: one for each processor but the first
};

// Error(usage) or Error(unsupported) for what libewf would cut, spoil or give up half-way: a medium
// that is empty, no multiple of its sectors or over 1 PiB, sectors other than 512 to 4096 bytes,
// files under 1 MiB or too many of them, and see check_ewf_header.
void check_ewf_options(const EwfOptions& options);

class EwfWriter {
public:
    // Does check_ewf_options. Error(exists) when a file of the set is there.
    explicit EwfWriter(const EwfOptions& options);
    // Without finish() what was written stays where it is, as a set without an end.
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
