#include "base/context.h"

#include <doctest/doctest.h>

#include <set>

#include "base/hex.h"
#include "test_context.h"
#include "test_errors.h"

namespace evidence {

TEST_CASE("an interruption is seen once it was asked for") {
    test::TestContext context;
    context.context.check_interrupted();
    context.interrupted = true;
    CHECK(test::kind_of_error([&] { context.context.check_interrupted(); }) ==
          ErrorKind::interrupted);
}

TEST_CASE("random ids have their form and do not repeat") {
    test::CountingRandom random;
    std::set<std::string> seen;
    for (int i = 0; i < 100; ++i) {
        const std::string hex = random_hex_128(random), uuid = random_uuid(random);
        CHECK(is_hex(hex, 32));
        CHECK(is_uuid(uuid));
        CHECK(uuid[14] == '4');
        CHECK(std::string_view("89ab").find(uuid[19]) != std::string_view::npos);
        seen.insert(hex);
        seen.insert(uuid);
    }
    CHECK(seen.size() == 200);
}

TEST_CASE("UUIDs have one spelling") {
    CHECK(is_uuid("38ecba42-4a7f-442a-98dd-6ce580752df8"));
    for (const char* text :
         {"", "38ecba424a7f442a98dd6ce580752df8", "38ECBA42-4a7f-442a-98dd-6ce580752df8",
          "{8ecba42-4a7f-442a-98dd-6ce580752df8", "38ecba42-4a7f-442a-98dd-6ce580752df",
          "38ecba42-4a7f-442a-98dd-6ce580752df8a", "38ecba42_4a7f-442a-98dd-6ce580752df8",
          "38ecba4-24a7f-442a-98dd-6ce580752df8", "------------------------------------"}) {
        CAPTURE(text);
        CHECK_FALSE(is_uuid(text));
    }
}

}  // namespace evidence
