// Lines of fetch.txt: payload files that were left out of a bag and where to get them (RFC 8493
// section 2.2.3). They are read, never followed. Private to the room.
//
// Thread rule: plain functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace evidence {

inline constexpr std::string_view fetch_file_name = "fetch.txt";

struct FetchLine {
    std::optional<std::uint64_t> size_bytes;  // nullopt: not said
    std::string_view path;                    // as written, a part of the line
};

struct FetchLineProblem {
    std::string_view expected;
};

std::variant<FetchLine, FetchLineProblem> parse_fetch_line(std::string_view line);

}  // namespace evidence
