#include "acquisition/timed_reader.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <cerrno>

#include "acquisition/acquire_fixture.h"

using namespace evidence;
using namespace evidence::test;

namespace {

constexpr std::chrono::milliseconds plenty{60'000}, hardly_any{1};

}  // namespace

TEST_CASE("reads come through with their bytes, their end and their errors") {
    TemporaryFolder folder;
    const std::string content = noise(3 * mib);
    write_file(folder / "file", content);
    std::unique_ptr<TimedReader> reader;
    {
        const File file = File::open_read(folder / "file");
        reader = std::make_unique<TimedReader>(file, plenty);
    }
    Bytes buffer(2 * mib);
    CHECK(reader->read_at(buffer, 1000) == static_cast<ssize_t>(mib));  // at most 1 MiB at once
    CHECK(as_text(ByteView(buffer).first(mib)) == std::string_view(content).substr(1000, mib));
    CHECK(reader->read_at(buffer, 3 * mib) == 0);
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const File in = File::adopt(ends[0], "pipe"), out = File::adopt(ends[1], "pipe");
    TimedReader pipe(in, plenty);
    CHECK(pipe.read_at(buffer, 0) == -ESPIPE);
}

// A read that hangs needs a file system that does not answer: cli.acquire.read_timeout has one.
TEST_CASE("a reader that goes away does not wait for anything") {
    TemporaryFolder folder;
    write_file(folder / "file", "x");
    for (int i = 0; i < 100; ++i) {
        const File file = File::open_read(folder / "file");
        TimedReader reader(file, hardly_any);
        Bytes buffer(1);
        const ssize_t count = reader.read_at(buffer, 0);
        CHECK((count == 1 || count == -ETIMEDOUT));
    }
}
