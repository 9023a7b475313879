#include "verification/bag_text.h"

#include <array>

#include "base/utf8.h"

namespace evidence {
namespace {

struct NamedEncoding {
    std::string_view name;
    TagEncoding encoding;
};

// From the character sets registry of IANA.
constexpr std::array<NamedEncoding, 22> known = {{
    {"utf-8", TagEncoding::utf8},
    {"utf8", TagEncoding::utf8},
    {"csutf8", TagEncoding::utf8},
    {"us-ascii", TagEncoding::us_ascii},
    {"ascii", TagEncoding::us_ascii},
    {"ansi_x3.4-1968", TagEncoding::us_ascii},
    {"iso646-us", TagEncoding::us_ascii},
    {"us", TagEncoding::us_ascii},
    {"iso-8859-1", TagEncoding::iso_8859_1},
    {"iso_8859-1", TagEncoding::iso_8859_1},
    {"iso8859-1", TagEncoding::iso_8859_1},
    {"iso_8859-1:1987", TagEncoding::iso_8859_1},
    {"iso-ir-100", TagEncoding::iso_8859_1},
    {"latin1", TagEncoding::iso_8859_1},
    {"l1", TagEncoding::iso_8859_1},
    {"ibm819", TagEncoding::iso_8859_1},
    {"cp819", TagEncoding::iso_8859_1},
    {"utf-16", TagEncoding::utf16},
    {"utf16", TagEncoding::utf16},
    {"csutf16", TagEncoding::utf16},
    {"utf-16be", TagEncoding::utf16be},
    {"utf-16le", TagEncoding::utf16le},
}};

constexpr std::size_t read_bytes = 64 * kib;
constexpr std::size_t refused = 0;

// Appends the character at units[at] and returns how many units it had, or `refused`.
std::size_t append_utf16(std::string& out, std::u16string_view units, std::size_t at) {
    const std::uint32_t first = units[at];
    if (first < 0xD800 || first > 0xDFFF) {
        append_utf8(out, first);
        return 1;
    }
    if (first > 0xDBFF || at + 1 == units.size()) return refused;
    const std::uint32_t second = units[at + 1];
    if (second < 0xDC00 || second > 0xDFFF) return refused;
    append_utf8(out, 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
    return 2;
}

}  // namespace

std::optional<TagEncoding> tag_encoding_named(std::string_view name) {
    std::string lower(name);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    for (const NamedEncoding& each : known) {
        if (each.name == lower) return each.encoding;
    }
    return std::nullopt;
}

std::optional<std::string> to_iso_8859_1(std::string_view text) {
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(text[i]);
        if (byte < 0x80) {
            bytes += text[i];
        } else if ((byte == 0xC2 || byte == 0xC3) && i + 1 < text.size()) {
            const unsigned low = static_cast<std::uint8_t>(text[++i]) & 0x3Fu;
            bytes += static_cast<char>((byte & 3u) << 6 | low);
        } else {
            return std::nullopt;
        }
    }
    return bytes;
}

TagLines::TagLines(const File& file, TagEncoding encoding)
    : file_(file), encoding_(encoding), buffer_(read_bytes) {
    skip_mark();
}

void TagLines::skip_mark() {
    std::array<std::uint8_t, 3> start{};
    const std::size_t count = file_.read_at(start, 0);
    if (is_wide()) {
        const bool big = count >= 2 && start[0] == 0xFE && start[1] == 0xFF;
        const bool little = count >= 2 && start[0] == 0xFF && start[1] == 0xFE;
        if (encoding_ == TagEncoding::utf16) {
            // Without a mark: big-endian (RFC 2781 section 4.3).
            encoding_ = little ? TagEncoding::utf16le : TagEncoding::utf16be;
            if (big || little) offset_ = 2;
        } else if (encoding_ == TagEncoding::utf16be ? big : little) {
            has_needless_mark_ = true;
            offset_ = 2;
        }
    } else if (count == 3 && start[0] == 0xEF && start[1] == 0xBB && start[2] == 0xBF &&
               encoding_ == TagEncoding::utf8) {
        has_needless_mark_ = true;
        offset_ = 3;
    }
}

std::optional<unsigned> TagLines::next_unit() {
    if (position_ == filled_) {
        filled_ = file_.read_at(buffer_, offset_);
        offset_ += filled_;
        position_ = 0;
        if (filled_ == 0) return std::nullopt;
    }
    const unsigned first = buffer_[position_++];
    if (!is_wide()) return first;
    // A read ends inside a unit only where the file does: its buffer has an even size.
    if (position_ == filled_) {
        fail("ends inside a character");
        return std::nullopt;
    }
    const unsigned second = buffer_[position_++];
    return encoding_ == TagEncoding::utf16be ? first << 8 | second : second << 8 | first;
}

std::optional<std::string_view> TagLines::next() {
    if (at_end_ || !problem_.empty()) return std::nullopt;
    units_.clear();
    while (const auto unit = next_unit()) {
        if (*unit == '\n' && after_carriage_return_ && units_.empty()) {
            after_carriage_return_ = false;
            continue;
        }
        after_carriage_return_ = *unit == '\r';
        if (*unit == '\r' || *unit == '\n') {
            ++line_number_;
            return decoded_line();
        }
        units_ += static_cast<char16_t>(*unit);
        if (units_.size() > tag_line_max_bytes) {
            ++line_number_;
            return fail("line longer than " + std::to_string(tag_line_max_bytes) + " bytes");
        }
    }
    at_end_ = true;
    if (units_.empty() || !problem_.empty()) return std::nullopt;
    ++line_number_;
    return decoded_line();
}

std::optional<std::string_view> TagLines::decoded_line() {
    line_.clear();
    if (is_wide()) {
        for (std::size_t i = 0; i < units_.size();) {
            const std::size_t used = append_utf16(line_, units_, i);
            if (used == refused) return fail("not UTF-16");
            i += used;
        }
        return line_;
    }
    for (char16_t unit : units_) {
        if (encoding_ == TagEncoding::iso_8859_1) {
            append_utf8(line_, unit);
        } else {
            line_ += static_cast<char>(unit);
        }
        if (encoding_ == TagEncoding::us_ascii && unit > 0x7F) return fail("not US-ASCII");
    }
    if (encoding_ == TagEncoding::utf8 && !is_valid_utf8(line_)) return fail("not UTF-8");
    return line_;
}

std::optional<std::string_view> TagLines::fail(std::string problem) {
    problem_ = std::move(problem);
    return std::nullopt;
}

}  // namespace evidence
