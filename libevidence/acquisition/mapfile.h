// What a mapfile of GNU ddrescue comes to: the map of an item's bad ranges (evidence-package(5),
// "Acquisition records").
//
// Thread rule: plain functions and values.
#pragma once

#include <functional>
#include <string_view>

#include "acquisition/item_files.h"
#include "base/line_reader.h"

namespace evidence {

inline constexpr std::size_t mapfile_max_line_bytes = 4096;  // comments hold a command line

struct MapBlock {
    std::uint64_t offset_bytes = 0, size_bytes = 0;
    char status = '?';  // one of ?*/-+

    bool is_finished() const { return status == '+'; }
};

// Calls `visitor` for each block, in order. Error(malformed) for anything that is no mapfile, and
// for blocks that do not follow each other.
void visit_mapfile(LineReader& lines, const std::function<void(const MapBlock&)>& visitor);

// Bytes in blocks of any status but finished ('+'), and the ranges they form; blocks that touch are
// one range. Error(malformed) for anything that is no mapfile, for blocks that do not follow each
// other and for one that ends behind `size_bytes`, the size of what was read.
AcquisitionRecord::Map sum_up_mapfile(LineReader& lines, std::uint64_t size_bytes);

}  // namespace evidence
