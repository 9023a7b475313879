#include "acquisition/hard_links.h"

#include <doctest/doctest.h>

#include "test_context.h"

using namespace evidence;
using namespace evidence::test;

TEST_CASE("each file is found under its first name, also after the table grew") {
    TemporaryFolder scratch;
    HardLinks links(scratch.path());
    CHECK_FALSE(links.find(1, 1));
    constexpr ino_t count = 20'000;
    for (ino_t inode = 1; inode <= count; ++inode) {
        REQUIRE_FALSE(links.find(7, inode));
        REQUIRE(links.remember(7, inode, "name " + std::to_string(inode)));
    }
    for (ino_t inode = 1; inode <= count; ++inode) {
        REQUIRE(links.find(7, inode) == "name " + std::to_string(inode));
    }
    CHECK_FALSE(links.find(8, 1));  // same inode number on another file system
    CHECK_FALSE(links.find(7, count + 1));
}

TEST_CASE("names are kept byte for byte") {
    TemporaryFolder scratch;
    HardLinks links(scratch.path());
    const std::string name("a/\xff\n\x01", 5);
    links.remember(1, 2, name);
    links.remember(1, 3, "");
    CHECK(links.find(1, 2) == name);
    CHECK(links.find(1, 3) == "");
}

TEST_CASE("a name longer than any path is not remembered") {
    TemporaryFolder scratch;
    HardLinks links(scratch.path());
    CHECK_FALSE(links.remember(1, 2, std::string(100'000, 'x')));
    CHECK_FALSE(links.find(1, 2));
}
