#include "acquisition/mapfile.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>

#include "base/error.h"

namespace evidence {
namespace {

// As strtoll reads it with base 0: 0x.. hexadecimal, 0.. octal, else decimal.
std::optional<std::uint64_t> number_of(std::string_view text) {
    int base = 10;
    if (text.starts_with("0x") || text.starts_with("0X")) {
        base = 16;
        text.remove_prefix(2);
    } else if (text.size() > 1 && text.front() == '0') {
        base = 8;
    }
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// The words of a line, of which there are three at most.
std::array<std::string_view, 3> words_of(std::string_view line) {
    constexpr std::string_view space = " \t\r";
    std::array<std::string_view, 3> words;
    for (std::string_view& word : words) {
        line.remove_prefix(std::min(line.find_first_not_of(space), line.size()));
        word = line.substr(0, line.find_first_of(space));
        line.remove_prefix(word.size());
    }
    return words;
}

[[noreturn]] void refuse(const LineReader& lines, std::string_view expected) {
    throw Error(ErrorKind::malformed, "not a mapfile: " + lines.name() + " line " +
                                          std::to_string(lines.line_number()) + " (expected " +
                                          std::string(expected) + ")");
}

MapBlock block_of(std::string_view line, const LineReader& lines) {
    const auto [position_text, size_text, status] = words_of(line);
    const auto position = number_of(position_text), size = number_of(size_text);
    if (!position || !size || status.size() != 1 ||
        std::string_view("?*/-+").find(status) == std::string_view::npos) {
        refuse(lines, "position, size and status of a block");
    }
    return {*position, *size, status.front()};
}

bool is_comment(std::string_view line) {
    return line.starts_with('#') || line.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

void visit_mapfile(LineReader& lines, const std::function<void(const MapBlock&)>& visitor) {
    bool has_status = false;  // the first line that is no comment: where ddrescue was
    std::optional<std::uint64_t> end;
    while (const auto line = lines.next()) {
        if (is_comment(*line)) continue;
        if (!has_status) {
            has_status = true;
            if (!number_of(words_of(*line)[0])) refuse(lines, "the current position");
            continue;
        }
        const MapBlock block = block_of(*line, lines);
        const bool follows = !end || block.offset_bytes == *end;
        if (!follows || block.size_bytes > UINT64_MAX - block.offset_bytes) {
            refuse(lines, "blocks that follow each other");
        }
        end = block.offset_bytes + block.size_bytes;
        visitor(block);
    }
    if (!has_status) refuse(lines, "the current position and status");
}

AcquisitionRecord::Map sum_up_mapfile(LineReader& lines, std::uint64_t size_bytes) {
    AcquisitionRecord::Map map;
    bool was_bad = false;
    visit_mapfile(lines, [&](const MapBlock& block) {
        if (block.offset_bytes > size_bytes || block.size_bytes > size_bytes - block.offset_bytes) {
            refuse(lines, "blocks that end within what was read");
        }
        if (block.size_bytes == 0) return;
        if (!block.is_finished()) {
            map.bad_bytes += block.size_bytes;
            map.ranges += !was_bad;
        }
        was_bad = !block.is_finished();
    });
    return map;
}

}  // namespace evidence
