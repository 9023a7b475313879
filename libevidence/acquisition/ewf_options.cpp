#include "acquisition/ewf_options.h"

#include <algorithm>

#include "acquisition/ewf_segments.h"
#include "acquisition/item_files.h"
#include "base/error.h"

namespace evidence {
namespace {

constexpr std::uint64_t max_media_bytes = std::uint64_t{1} << 50;
constexpr std::uint64_t usual_chunk_bytes = 32 * kib;
constexpr std::uint64_t max_chunk_bytes = 1 * mib;  // so that no chunk reaches over two buffers
constexpr unsigned min_sectors_per_chunk = 16;
// libewf keeps 8 bytes for each chunk: 256 MiB of memory. Media over 1 TiB get larger chunks.
constexpr std::uint64_t usual_max_chunks = std::uint64_t{1} << 25;
constexpr unsigned min_sector_bytes = 512, max_sector_bytes = 4096;
constexpr std::uint64_t min_segment_bytes = 1 * mib;
constexpr std::uint64_t min_chunks_per_segment = 8;
// Headers, descriptors and the longest header text; per chunk its entry in two tables and its
// checksum.
constexpr std::uint64_t segment_overhead_bytes = 128 * kib, chunk_overhead_bytes = 12;

// How many files it can take at most, when nothing can be compressed.
std::uint64_t segments_at_most(const EwfOptions& options, std::uint64_t chunk_bytes) {
    const std::uint64_t chunk_room = chunk_bytes + chunk_overhead_bytes;
    const std::uint64_t chunks_per_segment = std::max<std::uint64_t>(
        1, (options.segment_bytes - std::min(options.segment_bytes / 2, segment_overhead_bytes)) /
                   chunk_room -
               1);
    return options.media_bytes / chunk_bytes / chunks_per_segment + 1;
}

void check_medium(const EwfOptions& options) {
    const std::uint64_t size = options.media_bytes;
    const unsigned sector = options.sector_bytes;
    if (sector < min_sector_bytes || sector > max_sector_bytes || (sector & (sector - 1)) != 0) {
        throw Error(ErrorKind::unsupported, "E01 cannot have sectors of " + std::to_string(sector) +
                                                " bytes (expected 512, 1024, 2048 or 4096)");
    }
    if (size == 0) {
        throw Error(ErrorKind::unsupported, "E01 cannot hold nothing (expected a size over 0)",
                    "acquire it as a raw image or a file");
    }
    if (size % sector != 0) {
        throw Error(ErrorKind::unsupported,
                    "E01 cannot hold " + std::to_string(size) +
                        " bytes (expected a multiple of the sector size " + std::to_string(sector) +
                        ")",
                    "acquire it as a raw image or a file; E01 would lose its end");
    }
    if (size > max_media_bytes) {
        throw Error(ErrorKind::unsupported,
                    "E01 cannot hold " + std::to_string(size) + " bytes (expected at most 1 PiB)");
    }
}

}  // namespace

BadRanges ewf_nameable(const BadRanges& unread, unsigned sector_bytes) {
    constexpr std::uint64_t nameable_sectors = std::uint64_t{1} << 32;
    BadRanges result;
    for (const BadRange& range : unread.all()) {
        if (range.end() <= nameable_sectors * sector_bytes) result.add(range);
    }
    return result;
}

std::uint64_t ewf_sectors_per_chunk(const EwfOptions& options) {
    std::uint64_t chunk =
        std::max(usual_chunk_bytes, std::uint64_t{min_sectors_per_chunk} * options.sector_bytes);
    while (chunk < max_chunk_bytes && options.media_bytes / chunk > usual_max_chunks) chunk *= 2;
    return chunk / options.sector_bytes;
}

void check_ewf_options(const EwfOptions& options) {
    check_ewf_header(options.header);
    check_medium(options);
    const std::uint64_t chunk_bytes = ewf_sectors_per_chunk(options) * options.sector_bytes;
    const std::uint64_t smallest =
        std::max(min_segment_bytes, min_chunks_per_segment * chunk_bytes);
    if (options.segment_bytes < smallest) {
        throw Error(ErrorKind::usage,
                    "E01 files cannot be cut at " + std::to_string(options.segment_bytes) +
                        " bytes (expected at least " + std::to_string(smallest) + ")");
    }
    if (segments_at_most(options, chunk_bytes) > max_recorded_segments) {
        throw Error(ErrorKind::usage,
                    "too many E01 files of " + std::to_string(options.segment_bytes) +
                        " bytes (expected at most " + std::to_string(max_recorded_segments) + ")",
                    "allow larger files");
    }
}

}  // namespace evidence
