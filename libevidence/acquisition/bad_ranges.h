// Where a source could not be read, and the map that says so beside the image: a mapfile of GNU
// ddrescue, so that ddrescue itself can go on with it.
//
// Thread rule: belongs to one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/file.h"

namespace evidence {

inline constexpr std::size_t max_bad_ranges = 500'000;  // 12 MiB of memory

struct BadRange {
    std::uint64_t offset_bytes = 0, size_bytes = 0;
    int error_number = 0;  // of its first sector; 0: another tool could not read it

    std::uint64_t end() const { return offset_bytes + size_bytes; }
    bool operator==(const BadRange&) const = default;
};

class BadRanges {
public:
    // In ascending order; one that touches the last is joined to it. Error(io) beyond
    // max_bad_ranges.
    void add(const BadRange& range);

    const std::vector<BadRange>& all() const { return ranges_; }
    bool empty() const { return ranges_.empty(); }
    std::uint64_t bytes() const { return bytes_; }

private:
    std::vector<BadRange> ranges_;
    std::uint64_t bytes_ = 0;
};

// What an object holds in its bad ranges.
enum class BadBytes {
    zeros,
    those_of_the_source,  // an image that a rescue tool made
};

// Writes a new mapfile, durable: '-' for the ranges, '+' for everything else up to `size_bytes`.
void write_mapfile(const fs::path& path, const BadRanges& ranges, std::uint64_t size_bytes,
                   BadBytes bytes = BadBytes::zeros);

// "sectors 2048 to 2055 (EIO at byte 1048576)", for people; sectors of `sector_bytes`.
std::string describe(const BadRange& range, unsigned sector_bytes);

}  // namespace evidence
