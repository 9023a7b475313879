#include "verification/bag_fetch.h"

#include <doctest/doctest.h>

#include <string>

using namespace evidence;

TEST_CASE("a fetch line is an address, a length and a path") {
    const auto parsed = parse_fetch_line("https://example.org/a%20b \t 12  data/a b");
    REQUIRE(std::holds_alternative<FetchLine>(parsed));
    CHECK(std::get<FetchLine>(parsed).size_bytes == 12u);
    CHECK(std::get<FetchLine>(parsed).path == "data/a b");
    const auto unknown = parse_fetch_line("urn:x - data/a");
    REQUIRE(std::holds_alternative<FetchLine>(unknown));
    CHECK_FALSE(std::get<FetchLine>(unknown).size_bytes);
}

TEST_CASE("a fetch line that is anything else is refused") {
    for (const char* line :
         {"", "http://x/", "http://x/ 1", "http://x/ - ", "x 1 data/a", ":x 1 data/a",
          "http: 1 data/a", "1a:x - data/a", "http://x/ -1 data/a", "http://x/ 1k data/a",
          "http://x/ 18446744073709551616 data/a"}) {
        CAPTURE(line);
        CHECK(std::holds_alternative<FetchLineProblem>(parse_fetch_line(line)));
    }
}
