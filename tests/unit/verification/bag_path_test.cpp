#include "verification/bag_path.h"

#include <doctest/doctest.h>

using namespace evidence;

namespace {

constexpr BagVersion v096{0, 96}, v097{0, 97}, v100{1, 0};

}  // namespace

TEST_CASE("what is percent-encoded depends on the version, and nothing else ever is") {
    CHECK(decoded_bag_path("a%0Ab%0dc%25d%7Ee", v100) == "a\nb\rc%d%7Ee");
    CHECK(decoded_bag_path("a%0Ab%0dc%25d", v097) == "a\nb\rc%25d");
    CHECK(decoded_bag_path("a%0Ab%25", v096) == "a%0Ab%25");
    CHECK(decoded_bag_path("%250A", v100) == "%0A");  // once
    CHECK(decoded_bag_path("100%", v100) == "100%");
    CHECK(decoded_bag_path("%0", v100) == "%0");
    CHECK(decoded_bag_path("%2F..%2F", v100) == "%2F..%2F");
}

TEST_CASE("a path that leads out of the bag is no place, on any system") {
    for (const char* path :
         {"", "/", "/etc/passwd", "..", "../x", "data/../../x", "~", "~/x", "~root/x", "C:\\x",
          "c:x", "\\x", "\\\\?\\C:\\x", "\\\\server\\x", "data\\..\\..\\x", ".", "./", "data/.."}) {
        CAPTURE(path);
        CHECK_FALSE(bag_path(path, v100).fault.empty());
    }
    CHECK_FALSE(bag_path(std::string_view("data/a\0b", 8), v100).fault.empty());
}

TEST_CASE("a path inside the bag comes out in its plainest form") {
    CHECK(bag_path("data/a b", v100).path == "data/a b");
    CHECK(bag_path("data/a b", v100).was_normal);
    CHECK(bag_path("./data//a/./b", v100).path == "data/a/b");
    CHECK_FALSE(bag_path("./data/a", v100).was_normal);
    CHECK(bag_path("data/a/../b", v100).path == "data/b");
    CHECK_FALSE(bag_path("data/a/../b", v100).was_normal);
    CHECK(bag_path("data/~x", v100).path == "data/~x");
    CHECK(bag_path("data/...", v100).path == "data/...");
}

TEST_CASE("payload is what lies below data") {
    CHECK(is_payload_path("data/x"));
    CHECK_FALSE(is_payload_path("data"));
    CHECK_FALSE(is_payload_path("database/x"));
    CHECK_FALSE(is_payload_path("x/data/y"));
}
