#include "base/translation.h"

#include <doctest/doctest.h>

using namespace evidence;

TEST_CASE("values go into their places, in the order of the language") {
    CHECK(fill("{count} of {total}", {{"count", "3"}, {"total", "7"}}) == "3 of 7");
    CHECK(fill("{total} trong đó {count}", {{"count", "3"}, {"total", "7"}}) == "7 trong đó 3");
    CHECK(fill("{count}{count}", {{"count", "1"}}) == "11");
    CHECK(fill("", {{"count", "1"}}).empty());
}

TEST_CASE("what a value holds is not looked at again") {
    CHECK(fill("{a} {b}", {{"a", "{b}"}, {"b", "{a}"}}) == "{b} {a}");
}

TEST_CASE("a pattern that is wrong is shown as it is and does no harm") {
    CHECK(fill("{other} {count", {{"count", "3"}}) == "{other} {count");
    CHECK(fill("{} }{ {{count}}", {{"count", "3"}}) == "{} }{ {3}");
    CHECK(fill("{", {}) == "{");
}

TEST_CASE("English needs no catalogue") {
    CHECK(english().language() == "en");
    CHECK(english().text("holds") == "holds");
    CHECK(english().plural("one", "many", 1) == "one");
    CHECK(english().plural("one", "many", 0) == "many");
}

TEST_CASE("languages written from right to left are known with and without their country") {
    CHECK(is_right_to_left("ar"));
    CHECK(is_right_to_left("ar_EG"));
    CHECK(is_right_to_left("fa-IR"));
    CHECK_FALSE(is_right_to_left("vi"));
    CHECK_FALSE(is_right_to_left("arn"));
    CHECK_FALSE(is_right_to_left(""));
}
