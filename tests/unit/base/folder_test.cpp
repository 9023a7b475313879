#include "base/folder.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

#include "base/atomic_file.h"
#include "test_context.h"
#include "test_errors.h"

using namespace evidence;
using namespace evidence::test;

TEST_CASE("what is there, what is not, and what cannot be known are three answers") {
    TemporaryFolder folder;
    write_new_file(folder / "file", as_bytes("x"));
    CHECK(path_exists(folder / "file"));
    CHECK_FALSE(is_folder(folder / "file"));
    CHECK(is_folder(folder.path()));
    CHECK_FALSE(path_exists(folder / "absent"));
    CHECK_FALSE(is_folder(folder / "absent"));
    CHECK_FALSE(path_exists(folder / "file/below"));
    fs::create_symlink("loop", folder / "loop");
    CHECK(kind_of_error([&] { path_exists(folder / "loop"); }) == ErrorKind::io);
    CHECK(kind_of_error([&] { path_exists(folder / std::string(300, 'x')); }) == ErrorKind::io);
}

TEST_CASE("a folder is visited whole; one that cannot be read is an Error") {
    TemporaryFolder folder;
    write_new_file(folder / "a", as_bytes("x"));
    write_new_file(folder / "b", as_bytes("x"));
    std::set<std::string> names;
    visit_folder(folder.path(),
                 [&](const fs::path& entry) { names.insert(entry.filename().native()); });
    CHECK(names == std::set<std::string>{"a", "b"});
    CHECK(kind_of_error([&] { visit_folder(folder / "absent", [](const fs::path&) {}); }) ==
          ErrorKind::not_found);
    CHECK(kind_of_error([&] { visit_folder(folder / "a", [](const fs::path&) {}); }) ==
          ErrorKind::not_found);  // there is no such folder
}

TEST_CASE("removing and resolving report what went wrong") {
    TemporaryFolder folder;
    write_new_file(folder / "file", as_bytes("x"));
    fs::create_directories(folder / "full/of");
    remove_if_there(folder / "file");
    CHECK_NOTHROW(remove_if_there(folder / "file"));
    CHECK(kind_of_error([&] { remove_if_there(folder / "full"); }) == ErrorKind::io);
    CHECK(real_path(folder / "full/of/..") == fs::canonical(folder.path()) / "full");
    CHECK(kind_of_error([&] { real_path(folder / "file"); }) == ErrorKind::not_found);
}
