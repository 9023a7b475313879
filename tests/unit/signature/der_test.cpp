#include "signature/der.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "base/hex.h"

using namespace evidence;

namespace {

bool is_der(std::string_view hex) {
    try {
        require_der(*from_hex(hex));
        return true;
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::malformed);
        return false;
    }
}

}  // namespace

TEST_CASE("one element and nothing else") {
    CHECK(is_der("0500"));
    CHECK_FALSE(is_der(""));
    CHECK_FALSE(is_der("05"));
    CHECK_FALSE(is_der("050000"));
    CHECK_FALSE(is_der("05000500"));
}

TEST_CASE("lengths are definite, minimal and true") {
    CHECK(is_der("040100"));
    CHECK_FALSE(is_der("04810100"));    // padded
    CHECK_FALSE(is_der("0482000100"));  // padded more
    CHECK_FALSE(is_der("30800000"));    // indefinite
    CHECK_FALSE(is_der("0402ff"));      // cut short
    CHECK_FALSE(is_der("30030401"));    // the inner one, too
    CHECK_FALSE(is_der("0485ffffffffff"));
    CHECK_FALSE(is_der("04ff"));
    CHECK(is_der("048180" + std::string(256, '0')));
    CHECK_FALSE(is_der("04817f" + std::string(254, '0')));
}

TEST_CASE("values of universal types have one form") {
    CHECK(is_der("010100"));
    CHECK(is_der("0101ff"));
    CHECK_FALSE(is_der("010101"));
    CHECK_FALSE(is_der("01020000"));

    CHECK(is_der("020100"));
    CHECK(is_der("02020080"));
    CHECK(is_der("0202ff7f"));
    CHECK_FALSE(is_der("0200"));
    CHECK_FALSE(is_der("02020001"));
    CHECK_FALSE(is_der("0202ffff"));
    CHECK_FALSE(is_der("0a020001"));

    CHECK(is_der("030100"));
    CHECK(is_der("030206c0"));
    CHECK_FALSE(is_der("0300"));
    CHECK_FALSE(is_der("030101"));
    CHECK_FALSE(is_der("030206c1"));
    CHECK_FALSE(is_der("03020800"));

    CHECK_FALSE(is_der("050100"));

    CHECK(is_der("06032a8648"));  // ends inside an arc only if the last byte says so
    CHECK_FALSE(is_der("0600"));
    CHECK_FALSE(is_der("06022a86"));
    CHECK_FALSE(is_der("06032a8001"));

    CHECK(is_der("0c02c3a9"));
    CHECK_FALSE(is_der("0c01e9"));
}

TEST_CASE("times are in UTC, with seconds, without padding") {
    const auto time = [](std::string_view tag, std::string_view text) {
        return std::string(tag) + to_hex(Bytes{static_cast<std::uint8_t>(text.size())}) +
               to_hex(as_bytes(text));
    };
    CHECK(is_der(time("17", "251122015538Z")));
    CHECK_FALSE(is_der(time("17", "2511220155Z")));
    CHECK_FALSE(is_der(time("17", "251122015538+0700")));
    CHECK_FALSE(is_der(time("17", "251122015538.5Z")));
    CHECK_FALSE(is_der(time("17", "25112201553xZ")));
    CHECK(is_der(time("18", "20501122015538Z")));
    CHECK(is_der(time("18", "20501122015538.5Z")));
    CHECK_FALSE(is_der(time("18", "20501122015538.50Z")));
    CHECK_FALSE(is_der(time("18", "20501122015538.Z")));
    CHECK_FALSE(is_der(time("18", "20501122015538")));
}

TEST_CASE("universal types keep their form, and tags are small") {
    CHECK_FALSE(is_der("2400"));    // an octet string in pieces
    CHECK_FALSE(is_der("1000"));    // a primitive sequence
    CHECK_FALSE(is_der("0000"));    // end of contents
    CHECK_FALSE(is_der("1f0100"));  // a tag of several bytes
    CHECK(is_der("8000"));
    CHECK(is_der("a000"));
}

TEST_CASE("sets are sorted") {
    CHECK(is_der("3106020101020102"));
    CHECK_FALSE(is_der("3106020102020101"));
    CHECK(is_der("3106020101020101"));
}

TEST_CASE("what is inside is checked, but inside octet strings is not") {
    CHECK_FALSE(is_der("3003020200"));
    CHECK_FALSE(is_der("a00402020001"));
    CHECK(is_der("040402020001"));
}

TEST_CASE("nesting is bounded") {
    const auto nested = [](std::size_t depth) {
        Bytes bytes;
        for (std::size_t i = 0; i < depth; ++i) {
            const auto size = static_cast<std::uint8_t>(bytes.size());
            bytes.insert(bytes.begin(), {der::sequence, size});
        }
        return to_hex(bytes);
    };
    CHECK(is_der(nested(der_max_depth - 1)));
    CHECK_FALSE(is_der(nested(der_max_depth + 1)));
}

TEST_CASE("errors name the byte they are about") {
    try {
        require_der(*from_hex("3006020101020200"));
        FAIL("no error");
    } catch (const Error& error) {
        CHECK(error.message().find("near byte") != std::string::npos);
    }
}
