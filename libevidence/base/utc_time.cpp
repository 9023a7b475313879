#include "base/utc_time.h"

#include <fmt/format.h>

#include <chrono>

namespace evidence {
namespace {

namespace chrono = std::chrono;

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
    return value / by - (value % by < 0 ? 1 : 0);
}

constexpr std::int64_t seconds_per_day = 86'400;

// File systems carry any 64-bit number of seconds, and std::chrono's years end at 32767; so the
// year is found here: years are counted from March 0000, in eras of 400 years.
std::string format_date_and_time(std::int64_t seconds) {
    constexpr std::int64_t days_per_era = 146'097, days_from_march_0000 = 719'468;
    const std::int64_t days = floor_divide(seconds, seconds_per_day) + days_from_march_0000;
    const std::int64_t era = floor_divide(days, days_per_era);
    const std::int64_t day_of_era = days - era * days_per_era;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
    const std::int64_t day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    const std::int64_t month = month_from_march + (month_from_march < 10 ? 3 : -9);
    const std::int64_t year = era * 400 + year_of_era + (month <= 2 ? 1 : 0);
    const std::int64_t second = seconds - floor_divide(seconds, seconds_per_day) * seconds_per_day;
    const std::string year_text =
        year >= 0 && year <= 9999 ? fmt::format("{:04}", year) : fmt::format("{:+05}", year);
    return fmt::format("{}-{:02}-{:02}T{:02}:{:02}:{:02}", year_text, month, day, second / 3600,
                       second / 60 % 60, second % 60);
}

std::optional<int> digits_at(std::string_view text, std::size_t position, std::size_t count) {
    int value = 0;
    for (char c : text.substr(position, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

}  // namespace

std::int64_t UtcTime::seconds() const { return floor_divide(milliseconds, 1000); }

std::int64_t UtcTime::seconds_rounded_up() const {
    return seconds() + (milliseconds > seconds() * 1000 ? 1 : 0);
}

std::string format_utc(UtcTime time) {
    return fmt::format("{}.{:03}Z", format_date_and_time(time.seconds()),
                       time.milliseconds - time.seconds() * 1000);
}

std::string format_utc_nanoseconds(std::int64_t seconds, std::int32_t nanoseconds) {
    return fmt::format("{}.{:09}Z", format_date_and_time(seconds), nanoseconds);
}

std::optional<UtcTime> parse_utc(std::string_view text) {
    constexpr std::string_view shape = "0000-00-00T00:00:00.000Z";
    if (text.size() != shape.size()) return std::nullopt;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (shape[i] != '0' && text[i] != shape[i]) return std::nullopt;
    }
    const auto year = digits_at(text, 0, 4), month = digits_at(text, 5, 2);
    const auto day = digits_at(text, 8, 2), hour = digits_at(text, 11, 2);
    const auto minute = digits_at(text, 14, 2), second = digits_at(text, 17, 2);
    const auto fraction = digits_at(text, 20, 3);
    if (!year || !month || !day || !hour || !minute || !second || !fraction) return std::nullopt;
    const chrono::year_month_day date{chrono::year{*year},
                                      chrono::month{static_cast<unsigned>(*month)},
                                      chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    const auto midnight = chrono::sys_days{date}.time_since_epoch();
    const std::int64_t seconds = chrono::duration_cast<chrono::seconds>(midnight).count() +
                                 *hour * 3600 + *minute * 60 + *second;
    return UtcTime{seconds * 1000 + *fraction};
}

std::string format_zone_offset(int minutes_east) {
    const int minutes = minutes_east < 0 ? -minutes_east : minutes_east;
    return fmt::format("{}{:02}:{:02}", minutes_east < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

bool is_zone_offset(std::string_view text) {
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return false;
    const auto hours = digits_at(text, 1, 2), minutes = digits_at(text, 4, 2);
    return hours && minutes && *hours <= 23 && *minutes <= 59;
}

}  // namespace evidence
