#include "acquisition/bad_ranges.h"

#include <fmt/format.h>
#include <string.h>

#include "base/error.h"

namespace evidence {

void BadRanges::add(const BadRange& range) {
    bytes_ += range.size_bytes;
    if (!ranges_.empty() && ranges_.back().end() == range.offset_bytes) {
        ranges_.back().size_bytes += range.size_bytes;
        return;
    }
    if (ranges_.size() == max_bad_ranges) {
        throw Error(
            ErrorKind::io,
            "too many unreadable places (expected at most " + std::to_string(max_bad_ranges) + ")",
            "image this disk with ddrescue, and acquire its image and its mapfile as files");
    }
    ranges_.push_back(range);
}

void write_mapfile(const fs::path& path, const BadRanges& ranges, std::uint64_t size_bytes,
                   BadBytes bytes) {
    File file = File::create_new(path);
    std::string text =
        "# Mapfile in the form of GNU ddrescue: + was read, - could not be read and ";
    text += bytes == BadBytes::zeros ? "is zeros\n" : "is as the rescue tool left it\n";
    text += "# current_pos  current_status  current_pass\n";
    text += fmt::format("0x{:08X}     +               1\n", size_bytes);
    text += "#      pos        size  status\n";
    std::uint64_t position = 0;
    const auto add_block = [&](std::uint64_t end, char status) {
        if (end == position) return;
        text += fmt::format("0x{:08X}  0x{:08X}  {}\n", position, end - position, status);
        position = end;
        if (text.size() < 64 * kib) return;
        file.write(as_bytes(text));
        text.clear();
    };
    for (const BadRange& range : ranges.all()) {
        add_block(range.offset_bytes, '+');
        add_block(range.end(), '-');
    }
    add_block(size_bytes, '+');
    file.write(as_bytes(text));
    file.sync();
    file.close();
}

std::string describe(const BadRange& range, unsigned sector_bytes) {
    const std::uint64_t first = range.offset_bytes / sector_bytes;
    const std::uint64_t last = (range.end() - 1) / sector_bytes;
    const char* name = range.error_number == 0 ? "not read by the rescue tool"
                                               : ::strerrorname_np(range.error_number);
    return fmt::format("{} ({} at byte {})",
                       first == last ? fmt::format("sector {}", first)
                                     : fmt::format("sectors {} to {}", first, last),
                       name ? name : std::to_string(range.error_number), range.offset_bytes);
}

}  // namespace evidence
