// The mapfile that GNU ddrescue made beside an image which is acquired now: where that tool could
// not read, the image holds whatever was there before.
//
// Thread rule: plain functions and values.
#pragma once

#include <string>

#include "acquisition/bad_ranges.h"

namespace evidence {

inline constexpr std::size_t rescue_map_max_bytes = 64 * mib;

struct RescueMap {
    BadRanges ranges;    // of any status but finished ('+'), their error number 0
    std::string sha256;  // of the mapfile
};

// Error(malformed) for anything that is no mapfile; Error(refused) for one whose blocks do not
// cover exactly the bytes of the image.
RescueMap read_rescue_map(const fs::path& path, std::uint64_t image_bytes);

}  // namespace evidence
