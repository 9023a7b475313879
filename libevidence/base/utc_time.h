// Instants in UTC and their one spelling in our formats (RFC 3339).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace evidence {

// Milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX).
struct UtcTime {
    std::int64_t milliseconds = 0;

    static UtcTime from_seconds(std::int64_t seconds) { return {seconds * 1000}; }
    std::int64_t seconds() const;  // rounded down
    std::int64_t seconds_rounded_up() const;
    auto operator<=>(const UtcTime&) const = default;
};

// "2026-11-22T01:15:38.000Z": always three decimals and Z. Years before 0000 and after 9999 have a
// sign and as many digits as they need (ISO 8601, expanded), and are not read back.
std::string format_utc(UtcTime time);

// Strict inverse of format_utc: exactly that shape and a date that exists; years 0000 to 9999.
std::optional<UtcTime> parse_utc(std::string_view text);

// "2025-10-25T00:00:00.000000000Z": file times, nine decimals; years as above.
std::string format_utc_nanoseconds(std::int64_t seconds, std::int32_t nanoseconds);

// "+07:00" or "-03:30"; parse accepts exactly that shape, at most 23:59.
std::string format_zone_offset(int minutes_east);
bool is_zone_offset(std::string_view text);

}  // namespace evidence
