#include "base/base64.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace evidence {
namespace {

std::string encoded(std::string_view text) { return to_base64(as_bytes(text)); }

}  // namespace

TEST_CASE("base64 gives the answers of RFC 4648 section 10") {
    CHECK(encoded("") == "");
    CHECK(encoded("f") == "Zg==");
    CHECK(encoded("fo") == "Zm8=");
    CHECK(encoded("foo") == "Zm9v");
    CHECK(encoded("foob") == "Zm9vYg==");
    CHECK(encoded("fooba") == "Zm9vYmE=");
    CHECK(encoded("foobar") == "Zm9vYmFy");
    CHECK(to_base64(Bytes{0xFB, 0xFF, 0xBF}) == "+/+/");
}

TEST_CASE("base64 comes back for every length and every byte") {
    Bytes bytes;
    for (int i = 0; i < 300; ++i) {
        CHECK(from_base64(to_base64(bytes)) == bytes);
        bytes.push_back(static_cast<std::uint8_t>(i * 7));
    }
}

TEST_CASE("every other spelling of base64 is refused") {
    for (const char* text :
         {"Z",     "Zg",   "Zg=",  "Zg===",    "=",        "==",   "===",
          "====",  "Zh==", "Zm9=", "Zm8=Zm8=", "Zg==Zg==", "Z=g=", "Zm9v\n",
          "Zm 9v", "Zm9-", "Zm9_", "Zm9v=",    "A===",     "=AAA", "Zg==\n\n\n\n"}) {
        CAPTURE(text);
        CHECK_FALSE(from_base64(text));
    }
    CHECK_FALSE(from_base64(std::string_view("Zg=\0", 4)));
}

TEST_CASE("a text of four characters is accepted exactly when encoding gives it") {
    constexpr std::string_view some = "AQgw9+/=z \n-";
    std::set<std::string> padded;
    for (int a = 0; a < 256; ++a) {
        padded.insert(to_base64(Bytes{static_cast<std::uint8_t>(a)}));
        for (int b = 0; b < 256; ++b) {
            padded.insert(
                to_base64(Bytes{static_cast<std::uint8_t>(a), static_cast<std::uint8_t>(b)}));
        }
    }
    std::string text(4, ' ');
    for (std::size_t i = 0; i < some.size() * some.size() * some.size() * some.size(); ++i) {
        for (std::size_t at = 0, rest = i; at < 4; ++at, rest /= some.size()) {
            text[at] = some[rest % some.size()];
        }
        const bool expected =
            text.find_first_of("= \n-") == std::string::npos || padded.contains(text);
        if (from_base64(text).has_value() != expected) {
            CAPTURE(text);
            CHECK(false);
        }
    }
}

}  // namespace evidence
