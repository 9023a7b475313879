#include "base/utf8.h"

#include <doctest/doctest.h>

namespace evidence {

TEST_CASE("every code point but the surrogates is valid UTF-8 and comes out whole") {
    for (std::uint32_t code_point = 0; code_point <= 0x10FFFF; ++code_point) {
        std::string text;
        append_utf8(text, code_point);
        const bool is_surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
        const std::size_t length = utf8_sequence_length(text);
        if (is_surrogate ? length != 0 : length != text.size()) {
            CAPTURE(code_point);
            CHECK(false);
        }
    }
}

TEST_CASE("sequences RFC 3629 forbids are refused") {
    using namespace std::string_view_literals;
    for (std::string_view text : {"\x80"sv,
                                  "\xBF"sv,
                                  "\xC0\x80"sv,
                                  "\xC1\xBF"sv,
                                  "\xC2"sv,
                                  "\xC2\x20"sv,
                                  "\xC2\xC2"sv,
                                  "\xE0\x80\x80"sv,
                                  "\xE0\x9F\xBF"sv,
                                  "\xE1\x80"sv,
                                  "\xE1\x80\x20"sv,
                                  "\xED\xA0\x80"sv,
                                  "\xED\xBF\xBF"sv,
                                  "\xF0\x80\x80\x80"sv,
                                  "\xF0\x8F\xBF\xBF"sv,
                                  "\xF1\x80\x80"sv,
                                  "\xF1\x80\x80\x20"sv,
                                  "\xF4\x90\x80\x80"sv,
                                  "\xF5\x80\x80\x80"sv,
                                  "\xF8\x88\x80\x80\x80"sv,
                                  "\xFE"sv,
                                  "\xFF"sv}) {
        CAPTURE(text);
        CHECK(utf8_sequence_length(text) == 0);
        CHECK_FALSE(is_valid_utf8(text));
        CHECK_FALSE(is_valid_utf8("a" + std::string(text)));
    }
}

TEST_CASE("valid text may hold anything, zero bytes included") {
    using namespace std::string_view_literals;
    CHECK(is_valid_utf8(""));
    CHECK(utf8_sequence_length("") == 0);
    CHECK(is_valid_utf8("a\0b"sv));
    CHECK(is_valid_utf8("h\u00e9 \u20ac \U0001F600 \U0010FFFF"));
    CHECK(utf8_sequence_length("\u20acuro") == 3);
}

}  // namespace evidence
