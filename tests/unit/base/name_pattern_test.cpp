#include "base/name_pattern.h"

#include <doctest/doctest.h>
#include <fnmatch.h>

#include <random>

#include "test_errors.h"

using namespace evidence;

namespace {

bool matches(const std::string& pattern, std::string_view path) {
    return NamePattern(pattern).matches(path);
}

}  // namespace

TEST_CASE("a pattern without a slash is held against the last part of a path") {
    CHECK(matches("*.eml", "inbox/7.eml"));
    CHECK(matches("*.eml", "7.eml"));
    CHECK_FALSE(matches("*.eml", "7.eml/attachment"));
    CHECK(matches("inbox", "mail/inbox"));
    CHECK(matches("inbox/", "mail/inbox"));
    CHECK_FALSE(matches("inbox", "inbox2"));
}

TEST_CASE("a pattern with a slash is held against the whole path") {
    CHECK(matches("mail/*.eml", "mail/7.eml"));
    CHECK_FALSE(matches("mail/*.eml", "old/mail/7.eml"));
    CHECK_FALSE(matches("mail/*.eml", "mail/old/7.eml"));
    CHECK(matches("/inbox", "inbox"));
    CHECK_FALSE(matches("/inbox", "mail/inbox"));
}

TEST_CASE("two stars cross folders, and with a slash they may stand for none") {
    CHECK(matches("mail/**", "mail/old/7.eml"));
    CHECK_FALSE(matches("mail/**", "mail"));
    CHECK(matches("**/7.eml", "7.eml"));
    CHECK(matches("**/7.eml", "a/b/7.eml"));
    CHECK_FALSE(matches("**/7.eml", "a/b/77.eml"));
    CHECK(matches("a/**/z", "a/z"));
    CHECK(matches("a/**/z", "a/b/c/z"));
    CHECK_FALSE(matches("a/**/z", "a/bz"));
    CHECK(matches("a/x**/z", "a/xy/q/z"));
    CHECK_FALSE(matches("a/x**/z", "a/z"));
}

TEST_CASE("classes and escapes are about bytes") {
    CHECK(matches("[a-c]?", "bz"));
    CHECK_FALSE(matches("[a-c]?", "dz"));
    CHECK(matches("[!a-c]", "d"));
    CHECK_FALSE(matches("x[!a]y", "x/y"));
    CHECK(matches("[]x]", "]"));
    CHECK(matches("[a-]", "-"));
    CHECK(matches("\\*", "*"));
    CHECK_FALSE(matches("\\*", "x"));
    CHECK(matches("caf?", "caf\xe9"));
    CHECK_FALSE(matches("caf?", "caf\xc3\xa9"));  // two bytes
    CHECK(matches("line*break", "line\nbreak"));
}

TEST_CASE("folders in which nothing can match need not be searched") {
    const NamePattern pattern("home/*/mail/inbox");
    CHECK(pattern.can_match_below("home"));
    CHECK(pattern.can_match_below("home/lan"));
    CHECK_FALSE(pattern.can_match_below("homes"));
    CHECK_FALSE(pattern.can_match_below("etc"));
    CHECK(NamePattern("*.eml").can_match_below("anywhere"));
    CHECK(NamePattern("**/x/y").can_match_below("anywhere"));
    CHECK_FALSE(NamePattern("a/b/c").can_match_below("a/c"));
    CHECK(NamePattern("a/b/c").can_match_below("a/b"));
    CHECK_FALSE(NamePattern("a/b").can_match_below("a/c"));
    CHECK_FALSE(NamePattern("a/b").can_match_below("a/b"));  // it is matched itself
}

TEST_CASE("what can be no pattern is refused") {
    for (const char* text : {"", "/", "a//b", "./a", "a/..", "..", "[a", "[", "a\\", "[z-a]"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(NamePattern{text}, Error);
    }
    CHECK_THROWS_AS(NamePattern(std::string(name_pattern_max_bytes + 1, 'a')), Error);
    CHECK(matches(std::string(name_pattern_max_bytes, 'a'),
                  std::string(name_pattern_max_bytes, 'a')));
}

// fnmatch(3) is the other implementation: the same language but for **.
TEST_CASE("single parts match as the C library's fnmatch matches them") {
    std::mt19937 numbers(7);
    const auto any_of = [&](std::string_view bytes, std::size_t most) {
        std::string text;
        for (std::size_t left = 1 + numbers() % most; left > 0; --left) {
            text += bytes[numbers() % bytes.size()];
        }
        return text;
    };
    int matched = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string pattern = any_of("aab*?*", 8);
        if (pattern.find("**") != std::string::npos) continue;
        if (numbers() % 4 == 0) pattern += "[ab]";
        const std::string name = any_of("aabc", 8);
        CAPTURE(pattern);
        CAPTURE(name);
        const bool expected = ::fnmatch(pattern.c_str(), name.c_str(), FNM_PATHNAME) == 0;
        matched += expected;
        REQUIRE(matches(pattern, name) == expected);
    }
    CHECK(matched > 1000);
}

TEST_CASE("a pattern made to take long does not") {
    std::string pattern;
    for (int i = 0; i < 60; ++i) pattern += "**a";
    CHECK_FALSE(matches(pattern + "/b", std::string(4000, 'a')));
}
