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
    TestContext surroundings;
    FreeSpaceWatch watch({folder.path()}, more_than_any_disk, surroundings.context);
    watch.look(0);
    REQUIRE(watch.warnings().size() == 1);
    CHECK(watch.warnings()[0].find("up to " + std::to_string(more_than_any_disk) +
                                   " more needed") != std::string::npos);
    watch.look(gib);
    CHECK(watch.warnings().size() == 1);
}

TEST_CASE("what was read already is not needed again, and a stream needs nothing known") {
    TemporaryFolder folder;
    TestContext surroundings;
    FreeSpaceWatch all_read({folder.path()}, more_than_any_disk, surroundings.context);
    all_read.look(more_than_any_disk);
    CHECK(all_read.warnings().empty());
    FreeSpaceWatch nothing({folder.path()}, 0, surroundings.context);
    nothing.look(0);
    nothing.look(gib);
    CHECK(nothing.warnings().empty());
}
