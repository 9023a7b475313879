// The files of an Expert Witness (E01) set by name: E01 .. E99, EAA .. EZZ, FAA .. ZZZ.
//
// Thread rule: independent calls may run in parallel.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "acquisition/ewf_sections.h"

namespace evidence {

inline constexpr unsigned max_ewf_segments = 99 + 22 * 26 * 26;

struct EwfSegment {
    std::string name;  // in its folder
    std::uint64_t size_bytes = 0;

    bool operator==(const EwfSegment&) const = default;
};

// "E01" for 1, "EAA" for 100, "ZZZ" for max_ewf_segments.
std::string ewf_segment_extension(unsigned number);

struct EwfSet {
    std::vector<EwfSegment> segments;  // in order
    EwfVolume volume;
    std::optional<UtcTime> acquired_at;
};

// The set whose first file this is ("x.E01" or "x.e01"). Its files are regular files, none is
// missing, none has a broken chain of sections, and none follows the last. Error(usage) for another
// name, Error(malformed), Error(not_found).
EwfSet find_ewf_set(const fs::path& first);

}  // namespace evidence
