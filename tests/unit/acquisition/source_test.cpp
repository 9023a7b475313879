#include "acquisition/source.h"

#include <doctest/doctest.h>

#include "acquisition/acquire_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

std::string read_all(const File& file) {
    struct stat status {};
    REQUIRE(::fstat(file.fd(), &status) == 0);
    ContentReader reader(file, status);
    std::string all, buffer(100'000, '?');
    for (;;) {
        const auto result =
            reader.read({reinterpret_cast<std::uint8_t*>(buffer.data()), buffer.size()});
        REQUIRE(result.error_number == 0);
        all.append(buffer, 0, result.bytes);
        if (result.bytes < buffer.size()) return all;
    }
}

}  // namespace

TEST_CASE("holes at the start, in the middle and at the end read as zeros") {
    TemporaryFolder folder;
    std::string wanted(3 << 20, '\0');
    {
        File file = File::create_new(folder / "sparse");
        for (const std::size_t at : {std::size_t{500'000}, std::size_t{2'000'000}}) {
            file.write_at(as_bytes("data"), at);
            wanted.replace(at, 4, "data");
        }
        REQUIRE(::ftruncate(file.fd(), 3 << 20) == 0);
    }
    CHECK(read_all(File::open_read(folder / "sparse")) == wanted);
}

TEST_CASE("files of every shape read whole") {
    TemporaryFolder folder;
    for (const std::string& content :
         {std::string(), std::string("x"), noise(100'000), noise(100'001), noise(1'000'000)}) {
        fs::remove(folder / "f");
        write_file(folder / "f", content);
        CHECK(read_all(File::open_read(folder / "f")) == content);
    }
    fs::remove(folder / "f");
    write_file(folder / "f", "");
    REQUIRE(::truncate((folder / "f").c_str(), 1'000'000) == 0);
    CHECK(read_all(File::open_read(folder / "f")) == std::string(1'000'000, '\0'));
}

TEST_CASE("a source is what it is, through links, with its absolute path") {
    TemporaryFolder folder;
    write_file(folder / "file", "12345");
    fs::create_symlink("file", folder / "link");
    const Source file = open_source((folder / "link").native());
    CHECK(file.kind == ItemKind::file);
    CHECK(file.path == fs::canonical(folder / "file").native());
    CHECK(file.size_bytes == 5);
    const Source tree = open_source(folder.path().native());
    CHECK(tree.kind == ItemKind::tree);
    CHECK_FALSE(tree.size_bytes);
}

TEST_CASE("FIFOs and character devices are refused without being opened") {
    TemporaryFolder folder;
    REQUIRE(::mkfifo((folder / "fifo").c_str(), 0600) == 0);
    for (const std::string& path : {(folder / "fifo").native(), std::string("/dev/null")}) {
        try {
            open_source(path);
            FAIL_CHECK("accepted: ", path);
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::usage);
        }
    }
}
