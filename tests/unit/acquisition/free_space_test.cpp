#include "acquisition/free_space.h"

#include <doctest/doctest.h>

#include "acquisition/acquire_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {
constexpr std::uint64_t more_than_any_disk = std::uint64_t{1} << 60;
}

TEST_CASE("room is what files take on the disk, not how long they are") {
    TemporaryFolder folder;
    CHECK(room_taken_in(folder.path()) == 0);
    write_file(folder / "dense", noise(mib));
    const std::uint64_t dense = room_taken_in(folder.path());
    CHECK(dense >= mib);
    write_file(folder / "hole", "");
    fs::resize_file(folder / "hole", gib);
    fs::create_symlink("dense", folder / "link");
    CHECK(room_taken_in(folder.path()) < dense + mib);
}

TEST_CASE("too little room is said once") {
    TemporaryFolder folder;
    FreeSpaceWatch watch(folder.path(), more_than_any_disk);
    const auto warning = watch.look(0);
    REQUIRE(warning);
    CHECK(warning->find("up to " + std::to_string(more_than_any_disk) + " more needed") !=
          std::string::npos);
    CHECK_FALSE(watch.look(gib));
}

TEST_CASE("what was read already is not needed again, and a stream needs nothing known") {
    TemporaryFolder folder;
    CHECK_FALSE(FreeSpaceWatch(folder.path(), more_than_any_disk).look(more_than_any_disk));
    CHECK_FALSE(FreeSpaceWatch(folder.path(), 0).look(0));
    CHECK_FALSE(FreeSpaceWatch(folder.path(), 0).look(gib));
}
