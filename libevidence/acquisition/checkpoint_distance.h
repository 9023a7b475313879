// How far apart the moments are at which an unfinished object becomes durable.
#pragma once

#include <algorithm>
#include <cstdint>

namespace evidence {

// Close together at first, so that short acquisitions can be resumed as well; then as far as what
// is durable already, at most eight times the first distance: each one makes the disk wait.
inline std::uint64_t checkpoint_distance(std::uint64_t first_bytes, std::uint64_t durable_bytes) {
    constexpr std::uint64_t widest = 8;
    return std::clamp(durable_bytes, first_bytes, widest * first_bytes);
}

}  // namespace evidence
