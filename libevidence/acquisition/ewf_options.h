// What an Expert Witness (E01) set is to be like, and which wishes cannot be had.
//
// Thread rule: plain values.
#pragma once

#include <array>
#include <string>

#include "acquisition/bad_ranges.h"
#include "acquisition/ewf_chunk_packer.h"
#include "acquisition/ewf_header.h"
#include "base/file.h"

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

// Those of the unread ranges that a set can name: its table of errors counts sectors in 32 bits.
BadRanges ewf_nameable(const BadRanges& unread, unsigned sector_bytes);

// 32 KiB or 16 sectors, more only for media over 1 TiB. Precondition: accepted options.
std::uint64_t ewf_sectors_per_chunk(const EwfOptions& options);

}  // namespace evidence
