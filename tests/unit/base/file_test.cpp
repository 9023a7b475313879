#include "base/file.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <thread>

#include "test_context.h"
#include "test_errors.h"

namespace evidence {
namespace {

using test::kind_of_error;

std::string content(const fs::path& path) { return read_small_file(path, mib); }

}  // namespace

TEST_CASE("a new file is private and never takes a name that is there") {
    test::TemporaryFolder folder;
    File file = File::create_new(folder / "a");
    file.write(as_bytes("text"));
    struct stat status {};
    CHECK(::fstat(file.fd(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK(kind_of_error([&] { File::create_new(folder / "a"); }) == ErrorKind::exists);
    fs::create_symlink("nowhere", folder / "link");
    CHECK(kind_of_error([&] { File::create_new(folder / "link"); }) == ErrorKind::exists);
    CHECK_FALSE(fs::exists(folder / "nowhere"));
    CHECK(content(folder / "a") == "text");
}

TEST_CASE("what is not there is told from what cannot be opened") {
    test::TemporaryFolder folder;
    File::create_new(folder / "file");
    CHECK(kind_of_error([&] { File::open_read(folder / "none"); }) == ErrorKind::not_found);
    CHECK(kind_of_error([&] { File::open_read(folder / "file/x"); }) == ErrorKind::not_found);
    fs::create_symlink("loop", folder / "loop");
    CHECK(kind_of_error([&] { File::open_read(folder / "loop"); }) == ErrorKind::io);
    File directory = File::open_read(folder.path());
    Bytes buffer(10);
    CHECK(kind_of_error([&] { directory.read_some(buffer); }) == ErrorKind::io);
}

TEST_CASE("reads fill the buffer or reach the end") {
    test::TemporaryFolder folder;
    File file = File::create_new(folder / "a");
    file.write(as_bytes("0123456789"));
    Bytes buffer(4);
    CHECK(file.read_at(buffer, 2) == 4);
    CHECK(as_text(buffer) == "2345");
    CHECK(file.read_at(buffer, 8) == 2);
    CHECK(file.read_at(buffer, 10) == 0);
    CHECK(file.read_at(buffer, 1000) == 0);
    file.read_exactly_at(buffer, 6);
    CHECK(as_text(buffer) == "6789");
    CHECK(kind_of_error([&] { file.read_exactly_at(buffer, 7); }) == ErrorKind::malformed);
    CHECK(file.size() == 10);
    file.write_at(as_bytes("ab"), 9);
    CHECK(content(folder / "a") == "012345678ab");
}

TEST_CASE("a FIFO without a writer is empty and hangs nobody") {
    test::TemporaryFolder folder;
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    File file = File::open_read(folder / "fifo");
    Bytes buffer(10);
    CHECK(file.read_some(buffer) == 0);
}

TEST_CASE("a pipe is read to its end, however slowly it is written") {
    test::TemporaryFolder folder;
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    File keeps_it_open = File::adopt(::open((folder / "fifo").c_str(), O_RDWR | O_CLOEXEC), "fifo");
    File reader = File::open_read(folder / "fifo");
    std::thread writer([&] {
        for (int i = 0; i < 100; ++i) {
            keeps_it_open.write(as_bytes("ten bytes!"));
            std::this_thread::yield();
        }
        keeps_it_open.close();
    });
    Bytes buffer(2000);
    CHECK(reader.read_some(buffer) == 1000);
    writer.join();
}

TEST_CASE("moving a file moves its descriptor") {
    test::TemporaryFolder folder;
    File first = File::create_new(folder / "a");
    const int fd = first.fd();
    File second = std::move(first);
    CHECK_FALSE(first.is_open());
    CHECK(second.fd() == fd);
    File third = File::create_new(folder / "b");
    third = std::move(second);
    CHECK(third.fd() == fd);
    CHECK(third.name() == (folder / "a").native());
    third.close();
    CHECK_FALSE(third.is_open());
    CHECK(::fcntl(fd, F_GETFD) == -1);
}

TEST_CASE("an unnamed file leaves nothing in its folder") {
    test::TemporaryFolder folder;
    File file = File::create_unnamed(folder.path());
    file.write(as_bytes("spool"));
    CHECK(fs::is_empty(folder.path()));
    Bytes buffer(5);
    CHECK(file.read_at(buffer, 0) == 5);
    CHECK(as_text(buffer) == "spool");
    CHECK(kind_of_error([&] { File::create_unnamed(folder / "none"); }) == ErrorKind::not_found);
}

TEST_CASE("a full disk is an error of the write") {
    File full = File::adopt(::open("/dev/full", O_WRONLY | O_CLOEXEC), "/dev/full");
    CHECK(kind_of_error([&] { full.write(as_bytes("x")); }) == ErrorKind::io);
}

TEST_CASE("small files are read whole up to the limit given") {
    test::TemporaryFolder folder;
    for (std::size_t size : {0u, 1u, 16383u, 16384u, 16385u, 32768u, 100'000u}) {
        CAPTURE(size);
        const fs::path path = folder / std::to_string(size);
        const std::string text(size, 'x');
        File::create_new(path).write(as_bytes(text));
        CHECK(read_small_file(path, size) == text);
        CHECK(read_small_file(path, size + 1) == text);
        CHECK(read_small_file(path, 16 * mib) == text);
        if (size > 0) {
            CHECK(kind_of_error([&] { read_small_file(path, size - 1); }) == ErrorKind::malformed);
        }
    }
    CHECK(kind_of_error([&] { read_small_file("/dev/zero", 1000); }) == ErrorKind::malformed);
    CHECK(kind_of_error([&] { read_small_file(folder.path(), 1000); }) == ErrorKind::io);
}

TEST_CASE("folders are made with their parents, private, and again without complaint") {
    test::TemporaryFolder folder;
    create_folders(folder / "a/b/c");
    create_folders(folder / "a/b/c");
    create_folders(folder / "a/d/");
    CHECK(fs::is_directory(folder / "a/b/c"));
    CHECK(fs::is_directory(folder / "a/d"));
    CHECK((fs::status(folder / "a/b").permissions() & fs::perms::mask) == fs::perms::owner_all);
    fs::create_directory_symlink("a", folder / "link");
    create_folders(folder / "link/e");
    CHECK(fs::is_directory(folder / "a/e"));
}

TEST_CASE("a folder cannot be made where something else is") {
    test::TemporaryFolder folder;
    File::create_new(folder / "file");
    CHECK(kind_of_error([&] { create_folders(folder / "file"); }) == ErrorKind::not_found);
    CHECK(kind_of_error([&] { create_folders(folder / "file/below"); }).has_value());
    fs::create_symlink("nowhere", folder / "dangling");
    CHECK(kind_of_error([&] { create_folders(folder / "dangling"); }).has_value());
    const std::string too_long(300, 'x');
    CHECK(kind_of_error([&] { create_folders(folder / too_long); }) == ErrorKind::io);
}

TEST_CASE("what somebody handed over must be a regular file itself") {
    test::TemporaryFolder folder;
    File::create_new(folder / "file").write(as_bytes("content"));
    fs::create_symlink("file", folder / "link");
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    CHECK(File::open_regular(folder / "file").size() == 7);
    for (const fs::path& path :
         {folder / "link", folder / "fifo", folder.path(), fs::path("/dev/zero")}) {
        CAPTURE(path);
        CHECK(kind_of_error([&] { File::open_regular(path); }) == ErrorKind::malformed);
    }
    CHECK(kind_of_error([&] { File::open_regular(folder / "absent"); }) == ErrorKind::not_found);
}

}  // namespace evidence
