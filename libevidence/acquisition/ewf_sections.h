// What one Expert Witness (E01) segment file says of itself, read without libewf: to tell a missing
// file from a last one, to bound what libewf will allocate, and for what libewf gives in the local
// time of this machine only.
//
// Thread rule: independent calls may run in parallel.
#pragma once

#include <optional>

#include "base/file.h"
#include "base/utc_time.h"

namespace evidence {

struct EwfVolume {
    std::uint32_t chunks = 0, sectors_per_chunk = 0, sector_bytes = 0;
    std::uint64_t sectors = 0;

    // Of the products none overflows once the volume was accepted.
    std::uint64_t chunk_bytes() const { return std::uint64_t{sectors_per_chunk} * sector_bytes; }
    std::uint64_t media_bytes() const { return sectors * sector_bytes; }
};

// From the data of a "volume" section, at least 24 bytes of them. Nothing is checked.
EwfVolume parse_ewf_volume(ByteView data);

// What is wrong with it for a reader, as what was expected of it; nullptr: nothing is. What is
// right bounds what a reader allocates.
const char* volume_objection(const EwfVolume& volume);

struct EwfSegmentFacts {
    unsigned number = 0;
    bool is_last = false;                // ends with "done", not with "next"
    std::optional<EwfVolume> volume;     // first file only
    std::optional<UtcTime> acquired_at;  // first file, from its "header2" section
};

// Error(malformed) for anything that is not a whole chain of sections within the file.
EwfSegmentFacts examine_ewf_segment(const File& file);

// The EVF signature of E01 segment files stands at the start of the file.
bool looks_like_ewf(const File& file);

}  // namespace evidence
