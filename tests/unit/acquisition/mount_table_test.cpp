#include "acquisition/mount_table.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "test_context.h"

using namespace evidence;

TEST_CASE("a mount is read with its optional fields passed over") {
    const auto mount = parse_mount(
        R"(36 35 98:1 /sub /mnt/my\040disk rw,noatime master:1 shared:7 - ext4 /dev/sdb1 rw)");
    REQUIRE(mount);
    CHECK(mount->device == makedev(98, 1));
    CHECK(mount->point == "/mnt/my disk");
    CHECK(mount->file_system == "ext4");
    CHECK(mount->source == "/dev/sdb1");
    CHECK(mount->upper_folder.empty());
}

TEST_CASE("an overlay says where its writes go") {
    const auto mount = parse_mount(
        "61 22 0:42 / /merged rw - overlay overlay rw,lowerdir=/a,upperdir=/data/up,workdir=/w");
    REQUIRE(mount);
    CHECK(mount->upper_folder == "/data/up");
    // The word means nothing to other file systems.
    CHECK(parse_mount("61 22 0:42 / /m rw - nfs server:/x rw,upperdir=/data/up")
              ->upper_folder.empty());
}

TEST_CASE("lines of another form are passed over") {
    for (const char* line : {"", "36 35 98:0 / /mnt rw", "36 35 98:0 / /mnt rw - ext4",
                             "36 35 x:0 / /mnt rw - ext4 /dev/sdb rw", "- - - - - - -"}) {
        CAPTURE(line);
        CHECK_FALSE(parse_mount(line));
    }
}

TEST_CASE("this machine's own table has its root") {
    bool has_root = false;
    visit_mounts([&](const Mount& mount) { has_root = has_root || mount.point == "/"; });
    CHECK(has_root);
    visit_mounts([](const Mount&) { FAIL("there is no such table"); }, "/nowhere/mountinfo");
}

TEST_CASE("device numbers") {
    CHECK(parse_device_number("8:1") == makedev(8, 1));
    for (const char* text : {"", "8", "8:", ":1", "8:1 ", "8:1:2", "-1:0"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_device_number(text));
    }
}
