#include "base/atomic_file.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "test_context.h"
#include "test_errors.h"

namespace evidence {
namespace {

using test::kind_of_error;

std::size_t entries(const fs::path& folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a file appears whole under its name, and only then") {
    test::TemporaryFolder folder;
    AtomicFile file(folder / "target");
    file.file().write(as_bytes("content"));
    CHECK_FALSE(fs::exists(folder / "target"));
    CHECK(fs::exists(file.temporary_path()));
    CHECK(file.temporary_path().parent_path() == folder.path());
    file.commit();
    CHECK(read_small_file(folder / "target", 100) == "content");
    CHECK(entries(folder.path()) == 1);
}

TEST_CASE("a file that was not finished leaves nothing") {
    test::TemporaryFolder folder;
    try {
        AtomicFile file(folder / "target");
        file.file().write(as_bytes("half"));
        throw std::runtime_error("stop");
    } catch (const std::runtime_error&) {
    }
    CHECK(entries(folder.path()) == 0);
}

TEST_CASE("a target that is there is refused at once, whatever it is") {
    test::TemporaryFolder folder;
    write_new_file(folder / "file", as_bytes("old"));
    fs::create_directory(folder / "folder");
    fs::create_symlink("nowhere", folder / "dangling");
    for (const char* name : {"file", "folder", "dangling"}) {
        CHECK(kind_of_error([&] { AtomicFile file(folder / name); }) == ErrorKind::exists);
        CHECK(kind_of_error([&] { write_new_file(folder / name, {}); }) == ErrorKind::exists);
    }
    CHECK(read_small_file(folder / "file", 100) == "old");
    CHECK(entries(folder.path()) == 3);
}

TEST_CASE("a target that appears meanwhile is kept") {
    test::TemporaryFolder folder;
    for (const char* kind : {"file", "link"}) {
        CAPTURE(kind);
        {
            AtomicFile file(folder / kind);
            file.file().write(as_bytes("ours"));
            if (std::string_view(kind) == "file") {
                File::create_new(folder / kind).write(as_bytes("theirs"));
            } else {
                fs::create_symlink("file", folder / kind);
            }
            CHECK(kind_of_error([&] { file.commit(); }) == ErrorKind::exists);
        }
        CHECK(read_small_file(folder / kind, 100) == "theirs");
    }
    CHECK(entries(folder.path()) == 2);
}

TEST_CASE("a folder that is not there, or is none, is an Error") {
    test::TemporaryFolder folder;
    write_new_file(folder / "file", {});
    CHECK(kind_of_error([&] { write_new_file(folder / "none/target", {}); }) ==
          ErrorKind::not_found);
    CHECK(kind_of_error([&] { write_new_file(folder / "file/target", {}); }) ==
          ErrorKind::not_found);
    fs::create_symlink("loop", folder / "loop");
    CHECK(kind_of_error([&] { write_new_file(folder / "loop/target", {}); }) == ErrorKind::io);
    CHECK(kind_of_error([&] { write_new_file(folder / std::string(300, 'x'), {}); }) ==
          ErrorKind::io);
}

TEST_CASE("names of every length the file system knows are possible") {
    test::TemporaryFolder folder;
    for (std::size_t length : {1u, 230u, 239u, 240u, 241u, 255u}) {
        const fs::path path = folder / std::string(length, 'n');
        write_new_file(path, as_bytes("x"));
        CHECK(read_small_file(path, 10) == "x");
    }
}

TEST_CASE("a relative name without a folder is possible") {
    test::TemporaryFolder folder;
    const fs::path before = fs::current_path();
    fs::current_path(folder.path());
    write_new_file("plain", as_bytes("x"));
    fs::current_path(before);
    CHECK(read_small_file(folder / "plain", 10) == "x");
    CHECK(entries(folder.path()) == 1);
}

TEST_CASE("renaming never replaces") {
    test::TemporaryFolder folder;
    write_new_file(folder / "a", as_bytes("a"));
    write_new_file(folder / "b", as_bytes("b"));
    CHECK(kind_of_error([&] { rename_new(folder / "a", folder / "b"); }) == ErrorKind::exists);
    CHECK(kind_of_error([&] { rename_new(folder / "none", folder / "c"); }) ==
          ErrorKind::not_found);
    rename_new(folder / "a", folder / "c");
    CHECK(read_small_file(folder / "b", 10) == "b");
    CHECK(read_small_file(folder / "c", 10) == "a");
    CHECK(entries(folder.path()) == 2);
}

}  // namespace evidence
