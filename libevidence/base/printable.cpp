#include "base/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/utf8.h"

namespace evidence {
namespace {

std::uint32_t decode(std::string_view sequence) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(sequence[i]); };
    switch (sequence.size()) {
        case 2:
            return (byte(0) & 31u) << 6 | (byte(1) & 63u);
        case 3:
            return (byte(0) & 15u) << 12 | (byte(1) & 63u) << 6 | (byte(2) & 63u);
        case 4:
            return (byte(0) & 7u) << 18 | (byte(1) & 63u) << 12 | (byte(2) & 63u) << 6 |
                   (byte(3) & 63u);
        default:
            return byte(0);
    }
}

struct Range {
    std::uint32_t first, last;
};

// C1 controls, line and paragraph separator, direction marks (Bidi_Control), and whatever a
// renderer may leave out (Default_Ignorable_Code_Point of Unicode 15, and the annotation marks).
constexpr Range deceptive[] = {
    {0x80, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},     {0x61C, 0x61C},   {0x115F, 0x1160},
    {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},   {0x2028, 0x202E}, {0x2060, 0x206F},
    {0x3164, 0x3164},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB},
    {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF},
};

bool is_deceptive(std::uint32_t c) {
    return std::any_of(std::begin(deceptive), std::end(deceptive),
                       [c](const Range& range) { return c >= range.first && c <= range.last; });
}

void append_ascii(std::string& out, char c) {
    if (c == '\n')
        out += "\\n";
    else if (c == '\t')
        out += "\\t";
    else if (c == '\r')
        out += "\\r";
    else if (c == '\\')
        out += "\\\\";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
        out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
        out += c;
}

}  // namespace

std::string printable_json(std::string_view json) {
    std::string out;
    while (!json.empty()) {
        const std::size_t length = std::max<std::size_t>(utf8_sequence_length(json), 1);
        const std::uint32_t c = decode(json.substr(0, length));
        if (c != 0x7F && !is_deceptive(c)) {
            out += json.substr(0, length);
        } else if (c < 0x10000) {
            out += fmt::format("\\u{:04x}", c);
        } else {  // a surrogate pair, RFC 8259 section 7
            out += fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + ((c - 0x10000) >> 10),
                               0xDC00 + ((c - 0x10000) & 0x3FF));
        }
        json.remove_prefix(length);
    }
    return out;
}

std::string printable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t length = utf8_sequence_length(text);
        if (length == 0) {
            out += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
        } else if (length == 1) {
            append_ascii(out, text[0]);
        } else if (is_deceptive(decode(text.substr(0, length)))) {
            out += fmt::format("\\u{{{:x}}}", decode(text.substr(0, length)));
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    return out;
}

}  // namespace evidence
