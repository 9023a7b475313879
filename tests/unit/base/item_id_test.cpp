#include "base/item_id.h"

#include <doctest/doctest.h>

namespace evidence {

TEST_CASE("item ids are short plain names that start with a letter or digit") {
    for (const std::string& id : {std::string("A"), std::string("0"), std::string("HD-1.2_b"),
                                  std::string(64, 'x'), std::string("a.."), std::string("a-")}) {
        CAPTURE(id);
        CHECK(is_item_id(id));
    }
    for (const std::string& id :
         {std::string(""), std::string("."), std::string(".."), std::string("-a"),
          std::string("_a"), std::string(".a"), std::string("a b"), std::string("a/b"),
          std::string("a\\b"), std::string("a\n"), std::string("é"), std::string(65, 'x'),
          std::string("a\0b", 3), std::string("a:b"), std::string("a*")}) {
        CAPTURE(id);
        CHECK_FALSE(is_item_id(id));
    }
}

TEST_CASE("folding is of ASCII letters only") {
    CHECK(fold_case("HD-1 É\xC0[@") == "hd-1 É\xC0[@");
    CHECK(fold_case("az09") == "az09");
}

}  // namespace evidence
