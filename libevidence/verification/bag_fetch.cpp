#include "verification/bag_fetch.h"

#include <charconv>

namespace evidence {
namespace {

constexpr std::string_view white_space = " \t";

// The text before the next white space, which goes with it.
std::string_view take_word(std::string_view& line) {
    const std::size_t end = line.find_first_of(white_space);
    const std::string_view word = line.substr(0, end);
    const std::size_t next = line.find_first_not_of(white_space, word.size());
    line = next == std::string_view::npos ? std::string_view{} : line.substr(next);
    return word;
}

// "scheme:something" (RFC 3986 section 4.3).
bool is_absolute_uri(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == 0 || colon == std::string_view::npos || colon + 1 == text.size()) return false;
    for (std::size_t i = 0; i < colon; ++i) {
        const char c = text[i];
        const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool is_other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
        if (!is_letter && (i == 0 || !is_other)) return false;
    }
    return true;
}

}  // namespace

std::variant<FetchLine, FetchLineProblem> parse_fetch_line(std::string_view line) {
    if (!is_absolute_uri(take_word(line))) return FetchLineProblem{"an absolute URI at the start"};
    FetchLine result;
    const std::string_view length = take_word(line);
    if (length != "-") {
        std::uint64_t value = 0;
        const char* const end = length.data() + length.size();
        const auto parsed = std::from_chars(length.data(), end, value);
        if (length.empty() || parsed.ec != std::errc{} || parsed.ptr != end) {
            return FetchLineProblem{"a length in bytes or - behind the URI"};
        }
        result.size_bytes = value;
    }
    if (line.empty()) return FetchLineProblem{"a path behind the length"};
    result.path = line;
    return result;
}

}  // namespace evidence
