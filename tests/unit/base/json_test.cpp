#include "base/json.h"

#include <doctest/doctest.h>

#include "test_errors.h"

namespace evidence {

using test::kind_of_error;

TEST_CASE("objects keep their keys sorted by bytes and once") {
    Json json = Json::object({{"b", 1}, {"a", 2}, {"\xC3\xA9", 3}, {"B", 4}, {"", 5}});
    json.set("a", 6);
    json.set("ab", 7);
    CHECK(canonical(json) == "{\"\":5,\"B\":4,\"a\":6,\"ab\":7,\"b\":1,\"\xC3\xA9\":3}");
    CHECK(json.at("ab").integer() == 7);
    CHECK(json.find("abc") == nullptr);
    CHECK(json.find("") != nullptr);
}

TEST_CASE("strings take the escapes of RFC 8785 and no others") {
    std::string controls;
    for (char c = 0; c < 0x20; ++c) controls += c;
    CHECK(
        canonical(Json(controls)) ==
        R"("\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f)"
        R"(\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f")");
    CHECK(canonical(Json("\"\\/\x7f<>&'\u20ac\u2028")) == "\"\\\"\\\\/\x7f<>&'\u20ac\u2028\"");
}

TEST_CASE("every kind of value is written in its one spelling") {
    CHECK(canonical(Json()) == "null");
    CHECK(canonical(Json(true)) == "true");
    CHECK(canonical(Json(false)) == "false");
    CHECK(canonical(Json(0)) == "0");
    CHECK(canonical(Json(-1)) == "-1");
    CHECK(canonical(Json(json_max_integer)) == "9007199254740991");
    CHECK(canonical(Json(-json_max_integer)) == "-9007199254740991");
    CHECK(canonical(Json::array()) == "[]");
    CHECK(canonical(Json::object({})) == "{}");
    CHECK(canonical(Json(Json::Array{Json(1), Json::array(), Json("x")})) == "[1,[],\"x\"]");
}

TEST_CASE("what has no canonical form is refused, not bent") {
    const Json refused[] = {
        Json(json_max_integer + 1),
        Json(-json_max_integer - 1),
        Json(std::uint64_t{1} << 63),
        Json("\xff"),
        Json("\xED\xA0\x80"),
        Json::object({{"\xff", 1}}),
        Json(Json::Array{Json("\xC0\x80")}),
    };
    for (const Json& json : refused) {
        CHECK(kind_of_error([&] { canonical(json); }) == ErrorKind::malformed);
    }
}

TEST_CASE("a value of another type is an error that says what was expected") {
    const Json number(1), text("x"), negative(-1);
    CHECK(kind_of_error([&] { text.integer(); }) == ErrorKind::malformed);
    CHECK(kind_of_error([&] { number.string(); }) == ErrorKind::malformed);
    CHECK(kind_of_error([&] { number.boolean(); }) == ErrorKind::malformed);
    CHECK(kind_of_error([&] { number.items(); }) == ErrorKind::malformed);
    CHECK(kind_of_error([&] { number.members(); }) == ErrorKind::malformed);
    CHECK(kind_of_error([&] { negative.size(); }) == ErrorKind::malformed);
    CHECK(kind_of_error([&] { number.at("x"); }) == ErrorKind::malformed);
    CHECK(kind_of_error([&] { Json::object({}).at("x"); }) == ErrorKind::malformed);
    CHECK(kind_of_error([] { Json(1).set("x", 1); }) == ErrorKind::malformed);
    CHECK(kind_of_error([] { Json("x").push_back(1); }) == ErrorKind::malformed);
    CHECK(number.find("x") == nullptr);
}

TEST_CASE("text_or takes what is there, of the right type") {
    const Json json = Json::object({{"text", "x"}, {"number", 1}});
    CHECK(json.text_or("text", "y") == "x");
    CHECK(json.text_or("absent", "y") == "y");
    CHECK(kind_of_error([&] { json.text_or("number", "y"); }) == ErrorKind::malformed);
}

TEST_CASE("null grows into what it is used as") {
    Json object, array;
    object.set("a", 1);
    array.push_back(1);
    CHECK(canonical(object) == "{\"a\":1}");
    CHECK(canonical(array) == "[1]");
}

}  // namespace evidence
