#include "acquisition/item_folder.h"

#include <doctest/doctest.h>

#include "acquisition/acquire_fixture.h"
#include "base/folder.h"

using namespace evidence;
using namespace evidence::test;

TEST_CASE("an item folder appears whole or not at all") {
    TemporaryFolder items;
    {
        ItemFolder folder(items / "A-1");
        write_file(folder.path() / "file.bin", "x");
        CHECK_FALSE(fs::exists(items / "A-1"));
    }
    CHECK(fs::is_empty(items.path()));
    {
        ItemFolder folder(items / "A-1");
        write_file(folder.path() / "file.bin", "x");
        folder.commit();
    }
    CHECK(read_file(items / "A-1/file.bin") == "x");
}

TEST_CASE("a withdrawn item is kept under its temporary name") {
    TemporaryFolder items;
    fs::path kept;
    {
        ItemFolder folder(items / "A-1");
        write_file(folder.path() / "file.bin", "x");
        folder.commit();
        folder.withdraw();
        kept = folder.path();
    }
    CHECK_FALSE(fs::exists(items / "A-1"));
    CHECK(read_file(kept / "file.bin") == "x");
}

TEST_CASE("taken names are refused whatever their case") {
    TemporaryFolder items;
    fs::create_directory(items / "a-1");
    CHECK_THROWS_WITH_AS(ItemFolder(items / "A-1"), doctest::Contains("item folder exists"), Error);
    CHECK(fs::exists(items / "a-1"));
}

TEST_CASE("a name taken meanwhile is not replaced") {
    TemporaryFolder items;
    ItemFolder folder(items / "A-1");
    fs::create_directory(items / "A-1");
    write_file(items / "A-1/theirs", "x");
    CHECK_THROWS_AS(folder.commit(), Error);
    CHECK(read_file(items / "A-1/theirs") == "x");
}

TEST_CASE("two acquisitions of one item at a time are refused, the rest of a killed one is told") {
    TemporaryFolder items;
    fs::path left;
    {
        ItemFolder running(items / "A-1");
        CHECK_THROWS_WITH_AS(ItemFolder(items / "a-1"), doctest::Contains("being acquired"), Error);
        left = running.path();
    }
    fs::create_directory(left);  // as a kill would leave it: without a lock
    ItemFolder folder(items / "A-1");
    REQUIRE(folder.leftovers().size() == 1);
    CHECK(folder.leftovers()[0] == left);
    CHECK(ItemFolder(items / "A-2").leftovers().empty());
}

TEST_CASE("default ids skip what ledger, folders and running acquisitions hold") {
    TemporaryFolder items;
    fs::create_directory(items / "item-002");
    ItemFolder running(items / "ITEM-003");
    const auto taken = [](std::string_view id) { return id == "ITEM-001"; };
    CHECK(next_item_id(items.path(), taken) == "ITEM-004");
}

TEST_CASE("a link that looks like a leftover stops nobody") {
    TemporaryFolder items;
    fs::create_symlink("/nowhere", items / ".X-1.partial-aaaaaa");
    ItemFolder folder(items / "X-1");
    CHECK(folder.leftovers().size() == 1);
    CHECK_NOTHROW(folder.commit());
}

TEST_CASE("a folder is taken back only when nobody works on it and the check agrees") {
    TemporaryFolder items;
    {
        ItemFolder running(items / "A-1");
        running.commit();
        CHECK_THROWS_WITH_AS(take_back(items / "A-1", [] {}), doctest::Contains("being acquired"),
                             Error);
    }
    const auto refuse = [] { throw Error(ErrorKind::refused, "not this one"); };
    CHECK_THROWS_WITH_AS(take_back(items / "A-1", refuse), doctest::Contains("not this one"),
                         Error);
    CHECK(is_folder(items / "A-1"));
    const fs::path taken = take_back(items / "A-1", [] {});
    CHECK(is_folder(taken));
    CHECK_FALSE(fs::exists(items / "A-1"));
}
