#include "acquisition/mapfile.h"

#include <algorithm>
#include <array>
#include <charconv>
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

class MapfileSum {
public:
    MapfileSum(const LineReader& lines, std::uint64_t size_bytes)
        : lines_(lines), size_bytes_(size_bytes) {}

    void add_block(std::string_view line) {
        const auto [position_text, size_text, status] = words_of(line);
        const auto position = number_of(position_text), size = number_of(size_text);
        if (!position || !size || status.size() != 1 ||
            std::string_view("?*/-+").find(status) == std::string_view::npos) {
            refuse("position, size and status of a block");
        }
        const bool follows = is_first_ || *position == end_;
        if (!follows || *position > size_bytes_ || *size > size_bytes_ - *position) {
            refuse("blocks that follow each other and end within what was read");
        }
        is_first_ = false;
        end_ = *position + *size;
        const bool is_bad = status != "+" && *size > 0;
        if (is_bad) {
            map_.bad_bytes += *size;
            map_.ranges += !was_bad_;
        }
        if (*size > 0) was_bad_ = is_bad;
    }

    [[noreturn]] void refuse(std::string_view expected) const {
        throw Error(ErrorKind::malformed, "not a mapfile: " + lines_.name() + " line " +
                                              std::to_string(lines_.line_number()) + " (expected " +
                                              std::string(expected) + ")");
    }
    const AcquisitionRecord::Map& map() const { return map_; }

private:
    const LineReader& lines_;
    std::uint64_t size_bytes_;
    AcquisitionRecord::Map map_;
    std::uint64_t end_ = 0;
    bool is_first_ = true, was_bad_ = false;
};

}  // namespace

AcquisitionRecord::Map sum_up_mapfile(LineReader& lines, std::uint64_t size_bytes) {
    MapfileSum sum(lines, size_bytes);
    bool has_status = false;  // the first line that is no comment: where ddrescue was
    while (const auto line = lines.next()) {
        if (line->starts_with('#') || line->find_first_not_of(" \t\r") == std::string_view::npos) {
            continue;
        }
        if (has_status) {
            sum.add_block(*line);
        } else {
            has_status = true;
            if (!number_of(words_of(*line)[0])) sum.refuse("the current position");
        }
    }
    if (!has_status) sum.refuse("the current position and status");
    return sum.map();
}

}  // namespace evidence
