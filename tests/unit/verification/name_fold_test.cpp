#include "verification/name_fold.h"

#include <doctest/doctest.h>

using namespace evidence;

TEST_CASE("names that other systems take for one fold to one") {
    CHECK(folded_name("N\u00fa\u00f1ez") == folded_name("Nu\u0301n\u0303ez"));
    CHECK(folded_name("HELLO.txt") == folded_name("hello.TXT"));
    CHECK(folded_name("STRASSE") == folded_name("straße"));
    CHECK(folded_name("\u1eddNG") == folded_name("o\u031b\u0300ng"));
}

TEST_CASE("different names stay different") {
    CHECK(folded_name("a") != folded_name("b"));
    CHECK(folded_name("\u00e9") != folded_name("e"));
    CHECK(folded_name("ﬁ") != folded_name("fj"));
}

TEST_CASE("a name that is no text folds by its ASCII letters") {
    CHECK(folded_name("A\xff") == "a\xff");
    CHECK(folded_name("A\xff") != folded_name("A\xfe"));
}
