#include "acquisition/pax_header.h"

#include <doctest/doctest.h>

#include "acquisition/tar_builder.h"
#include "base/error.h"

using namespace evidence;
using namespace evidence::test;

TEST_CASE("times of extended headers are rounded down to nanoseconds") {
    const auto time_of = [](const std::string& text) {
        const std::string record = " mtime=" + text + "\n";
        return *parse_pax_attributes(std::to_string(record.size() + 2) + record).mtime;
    };
    CHECK(time_of("100") == FileTime{100, 0});
    CHECK(time_of("1.25") == FileTime{1, 250'000'000});
    CHECK(time_of("-1.25") == FileTime{-2, 750'000'000});
    CHECK(time_of("-0.25") == FileTime{-1, 750'000'000});
    CHECK(time_of("-7.0") == FileTime{-7, 0});
    CHECK(time_of("1.9999999999") == FileTime{1, 999'999'999});
}

TEST_CASE("extended headers that two readers could read differently are refused") {
    for (const char* body :
         {"5 a=b\n", "x a=b\n", "999 a=b\n", "6 a=bc", "4 a\n\n", " a=b\n", "-6 a=b\n", "7 uid=x\n",
          "9 uid=1.5\n", "9 size=-1\n", "11 mtime=1e9\n", "12 mtime=1.-5\n", "10 mtime=\n",
          "8 path=\n8 path=\n", "99999999999999999999 a=b\n"}) {
        CAPTURE(body);
        CHECK_THROWS_AS(parse_pax_attributes(body), Error);
    }
    CHECK(parse_pax_attributes("6 a=b\n8 uid=7\n").uid == 7);
    CHECK(parse_pax_attributes("9 uid=-2\n").uid == -2);
    CHECK(parse_pax_attributes("16 a=b\n11 uid=3\n").uid == std::nullopt);  // all one value
}

TEST_CASE("a name with a zero byte is refused") {
    using namespace std::string_literals;
    CHECK_THROWS_AS(UstarHeader(tar_entry({"x"})).facts(parse_pax_attributes("12 path=a\0b\n"s)),
                    Error);
}

TEST_CASE("prefix and name of a plain header are joined") {
    std::string block = tar_entry({"name"});
    block.replace(345, 6, "prefix");
    unsigned sum = 8 * ' ';
    for (std::size_t i = 0; i < 512; ++i) {
        if (i < 148 || i >= 156) sum += static_cast<unsigned char>(block[i]);
    }
    char checksum[8];
    std::snprintf(checksum, sizeof checksum, "%06o", sum);
    block.replace(148, 7, std::string(checksum, 7));
    CHECK(UstarHeader(block).facts({}).name == "prefix/name");
}

TEST_CASE("a changed header is noticed by its checksum") {
    std::string block = tar_entry({"name"});
    CHECK_NOTHROW(UstarHeader{block});
    block[0] = 'm';
    CHECK_THROWS_WITH_AS(UstarHeader{block}, doctest::Contains("checksum"), Error);
}
