#include "signature/der.h"

#include <algorithm>

#include "base/error.h"
#include "base/utf8.h"

namespace evidence {
namespace {

constexpr std::uint8_t constructed_bit = 0x20;
constexpr std::uint8_t class_bits = 0xC0;
constexpr std::uint8_t number_bits = 0x1F;
constexpr std::size_t max_length_bytes = 4;

[[noreturn]] void refuse(std::string_view what) {
    throw Error(ErrorKind::malformed, std::string(what));
}

// The content length announced at `bytes[1]`; `header` becomes the size of tag and length.
std::size_t read_length(ByteView bytes, std::size_t& header) {
    if (bytes.size() < 2) refuse("element cut short");
    const std::uint8_t first = bytes[1];
    header = 2;
    if (first < 0x80) return first;
    const std::size_t count = first & 0x7Fu;
    if (count == 0) refuse("indefinite length");
    if (count > max_length_bytes) refuse("length out of bounds");
    if (bytes.size() < 2 + count) refuse("element cut short");
    std::size_t length = 0;
    for (std::size_t i = 0; i < count; ++i) length = (length << 8) | bytes[2 + i];
    if (bytes[2] == 0 || length < 0x80) refuse("padded length");
    header = 2 + count;
    return length;
}

bool is_minimal_integer(ByteView value) {
    if (value.empty()) return false;
    if (value.size() == 1) return true;
    const bool high = (value[1] & 0x80) != 0;
    return !(value[0] == 0x00 && !high) && !(value[0] == 0xFF && high);
}

bool is_canonical_bits(ByteView value) {
    if (value.empty() || value[0] > 7) return false;
    if (value.size() == 1) return value[0] == 0;
    const unsigned unused = (1u << value[0]) - 1u;
    return (value.back() & unused) == 0;
}

bool is_canonical_object_id(ByteView value) {
    if (value.empty() || (value.back() & 0x80) != 0) return false;
    bool at_start = true;
    for (const std::uint8_t byte : value) {
        if (at_start && byte == 0x80) return false;
        at_start = (byte & 0x80) == 0;
    }
    return true;
}

bool are_digits(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_canonical_time(std::string_view text, std::size_t digits) {
    if (text.size() < digits + 1 || text.back() != 'Z') return false;
    if (!are_digits(text.substr(0, digits))) return false;
    const std::string_view fraction = text.substr(digits, text.size() - digits - 1);
    if (fraction.empty()) return true;
    return digits == 14 && fraction.size() > 1 && fraction.front() == '.' &&
           fraction.back() != '0' && are_digits(fraction.substr(1));
}

// The rule for the value of a universal primitive type; nullptr when it is kept.
const char* broken_rule(const DerElement& element) {
    switch (element.tag) {
        case der::boolean:
            return element.content.size() == 1 &&
                           (element.content[0] == 0x00 || element.content[0] == 0xFF)
                       ? nullptr
                       : "boolean not canonical";
        case der::integer:
        case der::enumerated:
            return is_minimal_integer(element.content) ? nullptr : "integer not minimal";
        case der::bit_string:
            return is_canonical_bits(element.content) ? nullptr : "bit string not canonical";
        case der::null:
            return element.content.empty() ? nullptr : "null with content";
        case der::object_id:
            return is_canonical_object_id(element.content) ? nullptr
                                                           : "object identifier not canonical";
        case der::utf8_string:
            return is_valid_utf8(as_text(element.content)) ? nullptr : "text not in UTF-8";
        case der::utc_time:
            return is_canonical_time(as_text(element.content), 12) && element.content.size() == 13
                       ? nullptr
                       : "time not canonical";
        case der::generalized_time:
            return is_canonical_time(as_text(element.content), 14) ? nullptr : "time not canonical";
        default:
            return nullptr;
    }
}

// Sequences and sets are constructed, every other universal type is primitive.
bool has_right_form(std::uint8_t tag) {
    if ((tag & class_bits) != 0) return true;
    const std::uint8_t number = tag & number_bits;
    const bool is_collection = number == 0x10 || number == 0x11;
    return number != 0 && is_collection == ((tag & constructed_bit) != 0);
}

void require_element(const DerElement& element) {
    if (!has_right_form(element.tag)) refuse("wrong form of a universal type");
    if ((element.tag & constructed_bit) != 0) {
        if (element.tag == der::set && !is_der_sorted(element.content)) {
            refuse("set not sorted");
        }
    } else if (const char* rule = broken_rule(element)) {
        refuse(rule);
    }
}

}  // namespace

DerElement DerReader::next() {
    if (rest_.empty()) refuse("element missing");
    if ((rest_[0] & number_bits) == number_bits) refuse("tag out of bounds");
    std::size_t header = 0;
    const std::size_t length = read_length(rest_, header);
    if (length > rest_.size() - header) refuse("element cut short");
    const DerElement element{rest_[0], rest_.first(header + length), rest_.subspan(header, length)};
    rest_ = rest_.subspan(header + length);
    return element;
}

DerElement DerReader::expect(std::uint8_t tag, std::string_view what) {
    if (next_tag() != tag) refuse(std::string("unexpected element in place of ").append(what));
    return next();
}

std::optional<DerElement> DerReader::optional(std::uint8_t tag) {
    if (next_tag() != tag) return std::nullopt;
    return next();
}

void DerReader::expect_end(std::string_view what) const {
    if (!rest_.empty()) refuse(std::string("unexpected element at the end of ").append(what));
}

std::vector<DerElement> der_elements(ByteView content) {
    std::vector<DerElement> elements;
    for (DerReader reader(content); !reader.at_end();) elements.push_back(reader.next());
    return elements;
}

bool is_der_sorted(ByteView content) {
    ByteView before;
    for (DerReader reader(content); !reader.at_end();) {
        const ByteView here = reader.next().whole;
        if (std::lexicographical_compare(here.begin(), here.end(), before.begin(), before.end())) {
            return false;
        }
        before = here;
    }
    return true;
}

void require_der(ByteView bytes) {
    std::vector<DerReader> open;  // one per level: the depth is ours, not the input's
    open.emplace_back(bytes);
    const std::uint8_t* position = bytes.data();
    try {
        DerReader top(bytes);
        top.next();
        if (!top.at_end()) refuse("bytes behind the end");
        while (!open.empty()) {
            if (open.back().at_end()) {
                open.pop_back();
                continue;
            }
            const DerElement element = open.back().next();
            position = element.whole.data();
            require_element(element);
            if ((element.tag & constructed_bit) == 0) continue;
            if (open.size() == der_max_depth) refuse("nested too deeply");
            open.emplace_back(element.content);
        }
    } catch (const Error& error) {
        throw Error(ErrorKind::malformed,
                    error.message() + " near byte " + std::to_string(position - bytes.data()));
    }
}

}  // namespace evidence
