#include "transfer/document_reader.h"

#include <doctest/doctest.h>

#include "base/error.h"

using namespace evidence;

namespace {

bool is_letter(std::string_view text) { return text == "a" || text == "b" || text == "c"; }

}  // namespace

TEST_CASE("a document has exactly the members asked for") {
    const Json json = Json::object({{"a", 1}, {"b", 2}});
    const DocumentReader reader(json, "x.json");
    CHECK_NOTHROW(reader.require_members({"a", "b"}));
    CHECK_THROWS_WITH_AS(reader.require_members({"a", "b", "c"}), "missing member \"c\": x.json",
                         Error);
    CHECK_THROWS_WITH_AS(reader.require_members({"a"}), "unexpected member \"b\": x.json", Error);
    CHECK_THROWS_AS(DocumentReader(Json(1), "x.json").require_members({}), Error);
}

TEST_CASE("a document of another format is told so") {
    const Json json = Json::object({{"format", "evidence-offer/2"}});
    CHECK_NOTHROW(DocumentReader(json, "x").require_format("evidence-offer/2"));
    CHECK_THROWS_WITH_AS(DocumentReader(json, "x").require_format("evidence-offer/1"),
                         "wrong format \"format\": x (expected evidence-offer/1)", Error);
    CHECK_THROWS_AS(DocumentReader(Json(7), "x").require_format("evidence-offer/1"), Error);
}

TEST_CASE("members are read in one shape only") {
    const Json json = Json::object({{"digest", std::string(64, '0')},
                                    {"long", std::string(65, '0')},
                                    {"negative", -1},
                                    {"null", Json()},
                                    {"size", 7},
                                    {"time", "2026-11-22T01:15:38.000Z"}});
    const DocumentReader reader(json, "x");
    CHECK(reader.digest("digest") == std::string(64, '0'));
    CHECK(reader.digest_or_null("null").empty());
    CHECK(reader.size("size") == 7);
    CHECK(reader.time("time").seconds() == 1795310138);
    CHECK_FALSE(reader.time_or_null("null"));
    CHECK_THROWS_AS((void)reader.digest("long"), Error);
    CHECK_THROWS_AS((void)reader.digest("null"), Error);
    CHECK_THROWS_AS((void)reader.digest("size"), Error);
    CHECK_THROWS_AS((void)reader.size("negative"), Error);
    CHECK_THROWS_AS((void)reader.size("digest"), Error);
    CHECK_THROWS_AS((void)reader.time("digest"), Error);
    CHECK_THROWS_AS((void)reader.boolean("size"), Error);
}

TEST_CASE("a list holds distinct items of one shape, and not too many") {
    const Json json = Json::object({{"good", Json(Json::Array{"b", "a"})},
                                    {"mixed", Json(Json::Array{"a", 1})},
                                    {"twice", Json(Json::Array{"a", "a"})},
                                    {"wrong", Json(Json::Array{"a", "z"})}});
    const DocumentReader reader(json, "x");
    CHECK(reader.list("good", 2, is_letter) == std::vector<std::string>{"b", "a"});
    CHECK_THROWS_AS(reader.list("good", 1, is_letter), Error);
    for (const char* name : {"mixed", "twice", "wrong"}) {
        CAPTURE(name);
        CHECK_THROWS_AS(reader.list(name, 9, is_letter), Error);
    }
}
