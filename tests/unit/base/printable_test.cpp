#include "base/printable.h"

#include <doctest/doctest.h>

#include <set>

#include "base/utf8.h"

namespace evidence {

TEST_CASE("JSON for a terminal is JSON of the same value without what acts on one") {
    CHECK(printable_json("{\"a\":\"plain é 中\"}") == "{\"a\":\"plain é 中\"}");
    CHECK(printable_json("[\"\x7f\xc2\x9b\xe2\x80\xae\"]") == R"(["\u007f\u009b\u202e"])");
    CHECK(printable_json("\"\xf3\xa0\x80\x81\"") == R"("\udb40\udc01")");
}

TEST_CASE("what a reader can see stays as it is") {
    for (const char* text : {"", "a b", "h\u00e9\u0301", "\u0e20\u0e32\u0e29\u0e32", "\u6f22\u5b57",
                             "\U0001F600", "\"quoted\" 'too' $(x) *"}) {
        CHECK(printable(text) == text);
    }
}

TEST_CASE("what acts on a terminal or hides becomes an escape") {
    using namespace std::string_view_literals;
    const std::pair<std::string_view, const char*> cases[] = {
        {"\n\r\t"sv, "\\n\\r\\t"},
        {"\\"sv, "\\\\"},
        {"\0"sv, "\\x00"},
        {"\x1b[31m"sv, "\\x1b[31m"},
        {"\x7f"sv, "\\x7f"},
        {"\xff\xfe"sv, "\\xff\\xfe"},
        {"\xe2\x82"sv, "\\xe2\\x82"},
        {"\xc2\x9b"
         "31m"sv,
         "\\u{9b}31m"},
        {"\u202egnp"sv, "\\u{202e}gnp"},
        {"\u2066x\u2069"sv, "\\u{2066}x\\u{2069}"},
        {"a\u200bb"sv, "a\\u{200b}b"},
        {"\ufeffbom"sv, "\\u{feff}bom"},
        {"\u3164"sv, "\\u{3164}"},
        {"a\ufe0fb"sv, "a\\u{fe0f}b"},
        {"\U000E0041"sv, "\\u{e0041}"},
        {"\u00ad"sv, "\\u{ad}"},
    };
    for (const auto& [text, expected] : cases) CHECK(printable(text) == expected);
}

TEST_CASE("two different texts never look the same for their escapes") {
    std::set<std::string> seen;
    std::size_t count = 0;
    for (int a = 0; a < 256; ++a) {
        for (int b = -1; b < 256; ++b) {
            std::string text(1, static_cast<char>(a));
            if (b >= 0) text += static_cast<char>(b);
            seen.insert(printable(text));
            ++count;
        }
    }
    CHECK(seen.size() == count);
    CHECK(printable("\\n") != printable("\n"));
    CHECK(printable("\\x1b") != printable("\x1b"));
    CHECK(printable("\\u{202e}") != printable("\u202e"));
}

TEST_CASE("what is shown holds no control character and is valid UTF-8, for every code point") {
    for (std::uint32_t code_point = 0; code_point <= 0x10FFFF; code_point += 1) {
        std::string text;
        append_utf8(text, code_point);
        const std::string shown = printable(text);
        const bool clean = is_valid_utf8(shown) && static_cast<unsigned char>(shown[0]) >= 0x20 &&
                           shown.find('\x7f') == std::string::npos;
        if (!clean) {
            CAPTURE(code_point);
            CHECK(false);
        }
    }
}

}  // namespace evidence
