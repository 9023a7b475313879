#include <doctest/doctest.h>

#include <random>

#include "base/json.h"
#include "base/utf8.h"
#include "test_errors.h"

namespace evidence {
namespace {

using test::kind_of_error;
using namespace std::string_view_literals;

bool is_canonical(std::string_view text) {
    try {
        return canonical(parse_canonical(text, "test")) == text;
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::malformed);
        CHECK(error.message().find("test") != std::string::npos);
        return false;
    }
}

std::string nested(std::size_t depth, char open, char close, std::string_view inside = "") {
    std::string text(depth, open);
    text += inside;
    return text + std::string(depth, close);
}

class RandomJson {
public:
    explicit RandomJson(unsigned seed) : engine_(seed) {}

    Json value(std::size_t depth) {
        switch (below(depth < 5 ? 7 : 5)) {
            case 0:
                return Json();
            case 1:
                return Json(below(2) == 0);
            case 2:
                return Json(static_cast<std::int64_t>(engine_() % (std::uint64_t{1} << 54)) -
                            json_max_integer);
            case 3:
            case 4:
                return Json(text());
            case 5: {
                Json array = Json::array();
                for (std::size_t i = below(5); i > 0; --i) array.push_back(value(depth + 1));
                return array;
            }
            default: {
                Json object = Json::object({});
                for (std::size_t i = below(5); i > 0; --i) object.set(text(), value(depth + 1));
                return object;
            }
        }
    }

    std::size_t below(std::size_t limit) { return engine_() % limit; }

private:
    std::string text() {
        std::string out;
        for (std::size_t i = below(8); i > 0; --i) {
            static constexpr std::uint32_t limits[] = {0x20, 0x80, 0x800, 0x10000, 0x110000};
            const std::uint32_t c = static_cast<std::uint32_t>(below(limits[below(5)]));
            if (c < 0xD800 || c > 0xDFFF) append_utf8(out, c);
        }
        return out;
    }
    std::mt19937_64 engine_;
};

}  // namespace

TEST_CASE("canonical values are accepted") {
    for (std::string_view text :
         {"null"sv, "true"sv, "false"sv, "0"sv, "-1"sv, "9007199254740991"sv, "-9007199254740991"sv,
          "\"\""sv, "\"a\""sv, "\"\\\"\\\\/\\b\\f\\n\\r\\t\""sv, "\"\\u0000\\u001f\\u000b\""sv,
          "\"\x7f\u0080\uffff\U0010ffff\""sv, "[]"sv, "{}"sv, "[1,2]"sv, "[[],{}]"sv,
          "{\"a\":1,\"b\":[null]}"sv, "{\"\":0}"sv, "{\"A\":1,\"a\":2,\"aa\":3,\"\u00e9\":4}"sv}) {
        CAPTURE(text);
        CHECK(is_canonical(text));
    }
}

TEST_CASE("everything else is refused by the canonical parser") {
    for (std::string_view text :
         {// nothing, too much, or something else
          ""sv, " "sv, "nul"sv, "nulll"sv, "True"sv, "null null"sv, "1 "sv, " 1"sv, "1\n"sv,
          "[1] "sv, "\xEF\xBB\xBF{}"sv, "\0"sv, "null\0"sv, "undefined"sv, "NaN"sv, "Infinity"sv,
          "'a'"sv, "//"sv, "/**/1"sv,
          // numbers
          "-"sv, "+1"sv, "01"sv, "-01"sv, "00"sv, "-0"sv, "1.0"sv, "1."sv, ".5"sv, "1e3"sv, "1E3"sv,
          "0x1"sv, "1_0"sv, "9007199254740992"sv, "-9007199254740992"sv, "18446744073709551617"sv,
          "99999999999999999999999999999999999999"sv, "--1"sv, "-a"sv,
          // strings
          "\""sv, "\"a"sv, "\"\\\""sv, "\"\\"sv, "\"\\u\""sv, "\"\\u12\""sv, "\"\\u123g\""sv,
          "\"\\x41\""sv, "\"\\'\""sv, "\"\\a\""sv, "\"\n\""sv, "\"\t\""sv, "\"\0\""sv, "\"\x1f\""sv,
          "\"\xff\""sv, "\"\xC0\x80\""sv, "\"\xED\xA0\x80\""sv, "\"\xE2\x82\""sv,
          // strings in another spelling
          "\"\\/\""sv, "\"\\u0041\""sv, "\"\\u000a\""sv, "\"\\u0008\""sv, "\"\\u0009\""sv,
          "\"\\u000c\""sv, "\"\\u000d\""sv, "\"\\u0022\""sv, "\"\\u005c\""sv, "\"\\u000B\""sv,
          "\"\\u001F\""sv, "\"\\u007f\""sv, "\"\\u20ac\""sv, "\"\\ud83d\\ude00\""sv,
          "\"\\U0000\""sv,
          // surrogates
          "\"\\ud800\""sv, "\"\\udc00\""sv, "\"\\ud800\\ud800\""sv, "\"\\udc00\\ud800\""sv,
          "\"\\ud800x\""sv, "\"\\ud800\\n\""sv, "\"\\ud83d\\u0041\""sv,
          // arrays and objects
          "["sv, "]"sv, "[,"sv, "[1"sv, "[1,"sv, "[1,]"sv, "[,1]"sv, "[1 2]"sv, "[1, 2]"sv, "[ ]"sv,
          "[1]]"sv, "[}"sv, "{"sv, "}"sv, "{]"sv, "{\"a\"}"sv, "{\"a\":}"sv, "{\"a\":1"sv,
          "{\"a\":1,}"sv, "{,\"a\":1}"sv, "{\"a\" :1}"sv, "{\"a\": 1}"sv, "{a:1}"sv, "{1:1}"sv,
          "{null:1}"sv, "{\"a\":1 }"sv, "{\"a\":1;\"b\":2}"sv,
          // keys
          "{\"a\":1,\"a\":1}"sv, "{\"a\":1,\"a\":2}"sv, "{\"b\":1,\"a\":2}"sv,
          "{\"a\":1,\"A\":2}"sv, "{\"\u00e9\":1,\"z\":2}"sv, "{\"a\":{\"y\":1,\"x\":2}}"sv,
          "{\"aa\":1,\"a\":2}"sv}) {
        CAPTURE(text);
        CHECK_FALSE(is_canonical(text));
    }
}

TEST_CASE("an error says where in the text and where in the world") {
    try {
        parse_canonical("{\"a\":1,\"a\":2}", "ledger.jsonl line 7");
        FAIL("accepted");
    } catch (const Error& error) {
        CHECK(error.message() ==
              "not canonical JSON: ledger.jsonl line 7 (expected sorted, unique keys at byte 11)");
    }
}

TEST_CASE("depth is limited in both parsers, whatever it is made of") {
    struct Shape {
        const char *open, *close, *inside;
    };
    for (const auto& [open, close, inside] : {Shape{"[", "]", ""}, Shape{"{\"a\":", "}", "1"}}) {
        for (std::size_t depth :
             {json_max_depth - 1, json_max_depth, json_max_depth + 1, std::size_t{100'000}}) {
            std::string text;
            for (std::size_t i = 0; i < depth; ++i) text += open;
            text += inside;
            for (std::size_t i = 0; i < depth; ++i) text += close;
            const std::size_t levels = depth + (inside[0] ? 1 : 0);
            const auto expected =
                levels <= json_max_depth ? std::nullopt : std::optional(ErrorKind::malformed);
            CHECK(kind_of_error([&] { parse_canonical(text, ""); }) == expected);
            CHECK(kind_of_error([&] { parse_relaxed(text, ""); }) == expected);
        }
    }
    CHECK(kind_of_error([&] { parse_canonical(nested(1'000'000, '[', ' '), ""); }) ==
          ErrorKind::malformed);
}

TEST_CASE("size and number of values are limited in both parsers") {
    const std::string longest(json_max_document_bytes - 2, 'a');
    CHECK(parse_canonical('"' + longest + '"', "").string() == longest);
    CHECK(kind_of_error([&] { parse_canonical('"' + longest + "a\"", ""); }) ==
          ErrorKind::malformed);
    CHECK(kind_of_error([&] {
              parse_relaxed(std::string(json_max_document_bytes + 1, ' '), "");
          }) == ErrorKind::malformed);

    std::string many = "[0";
    for (std::size_t i = 2; i < json_max_values; ++i) many += ",0";
    CHECK(parse_canonical(many + "]", "").items().size() == json_max_values - 1);
    CHECK(kind_of_error([&] { parse_canonical(many + ",0]", ""); }) == ErrorKind::malformed);
    CHECK(kind_of_error([&] { parse_relaxed(many + ",0]", ""); }) == ErrorKind::malformed);
}

TEST_CASE("a document is one value and one newline") {
    CHECK(parse_canonical_document("{}\n", "").is_object());
    for (std::string_view text :
         {""sv, "\n"sv, "{}"sv, "{}\n\n"sv, "{}\r\n"sv, " {}\n"sv, "{} \n"sv}) {
        CAPTURE(text);
        CHECK(kind_of_error([&] { parse_canonical_document(text, ""); }) == ErrorKind::malformed);
    }
}

TEST_CASE("documents written by hand may have any spacing, order and escapes") {
    CHECK(canonical(parse_relaxed(
              " { \"b\" : [ 1 , \"\\u0041\\/\\ud83d\\ude00\" ] ,\r\n\t\"a\":null} ", "")) ==
          "{\"a\":null,\"b\":[1,\"A/\U0001F600\"]}");
    for (std::string_view text : {""sv, " "sv, "{\"a\":1,\"a\":1}"sv, "{\"a\":1,\"b\":2,\"a\":3}"sv,
                                  "{\"a\":1,\"\\u0061\":2}"sv, "1.5"sv, "1e2"sv, "-0"sv, "01"sv,
                                  "9007199254740992"sv, "\"\xff\""sv, "\"\\ud800\""sv, "[1,]"sv,
                                  "{\"a\":1,}"sv, "{} x"sv, "\"\t\""sv, "\f1"sv, "1\v"sv,
                                  "\u00a0"
                                  "1"sv}) {
        CAPTURE(text);
        CHECK(kind_of_error([&] { parse_relaxed(text, ""); }) == ErrorKind::malformed);
    }
}

TEST_CASE("many members in falling order are sorted without delay") {
    constexpr std::size_t count = json_max_values - 1;
    std::string text = "{";
    for (std::size_t i = count; i > 0; --i) text += "\"" + std::to_string(1'000'000 + i) + "\":0,";
    text.back() = '}';
    const Json json = parse_relaxed(text, "");
    CHECK(json.members().size() == count);
    CHECK(json.members().front().first == "1000001");
    CHECK(is_canonical(canonical(json)));
}

TEST_CASE("random values come back from both parsers") {
    RandomJson random(7);
    for (int i = 0; i < 3000; ++i) {
        const Json json = random.value(0);
        const std::string text = canonical(json);
        CHECK(parse_canonical(text, "") == json);
        CHECK(parse_relaxed(text, "") == json);
    }
}

// The point of the canonical form: no other text may stand for the same value.
TEST_CASE("a changed byte is refused or is another value in its own canonical form") {
    RandomJson random(8);
    for (int i = 0; i < 300; ++i) {
        const Json json = random.value(0);
        std::string text = canonical(json);
        const std::size_t at = random.below(text.size());
        text[at] =
            static_cast<char>(static_cast<unsigned char>(text[at]) ^ (1u << random.below(8)));
        try {
            const Json other = parse_canonical(text, "");
            CHECK(canonical(other) == text);
            CHECK_FALSE(other == json);
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::malformed);
        }
    }
}

TEST_CASE("a text cut anywhere is refused or a shorter number") {
    RandomJson random(9);
    for (int i = 0; i < 200; ++i) {
        const std::string text = canonical(random.value(0));
        for (std::size_t size = 0; size < text.size(); ++size) {
            const std::string_view part = std::string_view(text).substr(0, size);
            if (is_canonical(part)) CHECK(parse_canonical(part, "").is_integer());
        }
    }
}

}  // namespace evidence
