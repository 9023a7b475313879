#include "base/hex.h"

#include <doctest/doctest.h>

namespace evidence {

TEST_CASE("hexadecimal goes there and back for every byte") {
    Bytes all;
    for (int byte = 0; byte < 256; ++byte) all.push_back(static_cast<std::uint8_t>(byte));
    const std::string text = to_hex(all);
    CHECK(text.substr(0, 8) == "00010203");
    CHECK(text.substr(text.size() - 4) == "feff");
    CHECK(from_hex(text) == all);
    CHECK(to_hex({}).empty());
    CHECK(from_hex("") == Bytes{});
}

TEST_CASE("only lower-case digits in pairs are hexadecimal") {
    for (const char* text :
         {"0", "000", "0A", "AA", "0g", "g0", "0 ", " 0", "0x", "-1", "0\n", "é"}) {
        CAPTURE(text);
        CHECK_FALSE(from_hex(text));
    }
    CHECK_FALSE(from_hex(std::string_view("0\0", 2)));
}

TEST_CASE("is_hex wants exactly so many digits") {
    CHECK(is_hex("", 0));
    CHECK(is_hex("0af", 3));
    CHECK_FALSE(is_hex("0af", 2));
    CHECK_FALSE(is_hex("0af", 4));
    CHECK_FALSE(is_hex("0aF", 3));
}

}  // namespace evidence
