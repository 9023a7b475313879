#include "base/utc_time.h"

#include <doctest/doctest.h>

#include <limits>

namespace evidence {

TEST_CASE("instants have one spelling") {
    CHECK(format_utc({0}) == "1970-01-01T00:00:00.000Z");
    CHECK(format_utc({-1}) == "1969-12-31T23:59:59.999Z");
    CHECK(format_utc({-1000}) == "1969-12-31T23:59:59.000Z");
    CHECK(format_utc(UtcTime::from_seconds(1'763'776'538)) == "2025-11-22T01:55:38.000Z");
    CHECK(format_utc(UtcTime::from_seconds(951'782'400)) == "2000-02-29T00:00:00.000Z");
    CHECK(format_utc(UtcTime::from_seconds(253'402'300'799)) == "9999-12-31T23:59:59.000Z");
    CHECK(format_utc(UtcTime::from_seconds(-62'167'219'200)) == "0000-01-01T00:00:00.000Z");
}

TEST_CASE("reading is the inverse of writing") {
    for (std::int64_t day = -719'528; day <= 2'932'896; day += 13) {
        const UtcTime time{day * 86'400'000 + day * 7919 % 86'400'000};
        if (time.seconds() < -62'167'219'200) continue;
        const auto back = parse_utc(format_utc(time));
        if (back != time) {
            CAPTURE(format_utc(time));
            CHECK(false);
        }
    }
    CHECK(parse_utc("0000-01-01T00:00:00.000Z")->seconds() == -62'167'219'200);
    CHECK(parse_utc("9999-12-31T23:59:59.999Z")->milliseconds == 253'402'300'799'999);
}

TEST_CASE("dates that do not exist and other spellings are refused") {
    for (const char* text : {"",
                             "2026-11-22",
                             "2026-11-22T01:15:38Z",
                             "2026-11-22T01:15:38.00Z",
                             "2026-11-22T01:15:38.0000Z",
                             "2026-11-22T01:15:38.000",
                             "2026-11-22 01:15:38.000Z",
                             "2026-11-22t01:15:38.000z",
                             "2026-11-22T01:15:38.000+00:00",
                             "2026-11-22T24:00:00.000Z",
                             "2026-11-22T23:60:00.000Z",
                             "2026-11-22T23:59:60.000Z",
                             "2026-02-29T00:00:00.000Z",
                             "2100-02-29T00:00:00.000Z",
                             "2026-13-01T00:00:00.000Z",
                             "2026-00-01T00:00:00.000Z",
                             "2026-04-31T00:00:00.000Z",
                             "2026-01-00T00:00:00.000Z",
                             "+026-01-01T00:00:00.000Z",
                             "-001-01-01T00:00:00.000Z",
                             "2026-01-01T00:00:00,000Z",
                             "2026-01-01T00:00: 1.000Z",
                             " 2026-01-01T00:00:00.00Z",
                             "2026-01-01T00:00:00.000Z "}) {
        CAPTURE(text);
        CHECK_FALSE(parse_utc(text));
    }
}

TEST_CASE("seconds are rounded down or up, also before 1970") {
    CHECK(UtcTime{1999}.seconds() == 1);
    CHECK(UtcTime{1999}.seconds_rounded_up() == 2);
    CHECK(UtcTime{2000}.seconds_rounded_up() == 2);
    CHECK(UtcTime{-1}.seconds() == -1);
    CHECK(UtcTime{-1}.seconds_rounded_up() == 0);
    CHECK(UtcTime{-1000}.seconds() == -1);
    CHECK(UtcTime{-1000}.seconds_rounded_up() == -1);
}

TEST_CASE("file times of any file system are told truly") {
    CHECK(format_utc_nanoseconds(1'761'350'400, 5) == "2025-10-25T00:00:00.000000005Z");
    CHECK(format_utc_nanoseconds(-1, 999'999'999) == "1969-12-31T23:59:59.999999999Z");
    // date -u -d @253402300800, @99999999999999 and @-62167219201 of the coreutils
    CHECK(format_utc_nanoseconds(253'402'300'800, 0) == "+10000-01-01T00:00:00.000000000Z");
    CHECK(format_utc_nanoseconds(99'999'999'999'999, 0) == "+3170843-11-07T09:46:39.000000000Z");
    CHECK(format_utc_nanoseconds(-62'167'219'201, 0) == "-0001-12-31T23:59:59.000000000Z");
    CHECK(format_utc_nanoseconds(std::numeric_limits<std::int64_t>::max(), 0) ==
          "+292277026596-12-04T15:30:07.000000000Z");
    CHECK(format_utc_nanoseconds(std::numeric_limits<std::int64_t>::min(), 0) ==
          "-292277022657-01-27T08:29:52.000000000Z");
}

TEST_CASE("zone offsets") {
    CHECK(format_zone_offset(0) == "+00:00");
    CHECK(format_zone_offset(420) == "+07:00");
    CHECK(format_zone_offset(-210) == "-03:30");
    for (const char* text : {"+00:00", "-03:30", "+23:59"}) CHECK(is_zone_offset(text));
    for (const char* text :
         {"", "Z", "+7:00", "+0700", "07:00", "+24:00", "+07:60", "+07:00 ", "+ 7:00", "+07-00"}) {
        CAPTURE(text);
        CHECK_FALSE(is_zone_offset(text));
    }
}

}  // namespace evidence
