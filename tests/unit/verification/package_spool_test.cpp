#include "verification/package_spool.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <thread>

#include "base/atomic_file.h"
#include "base/error.h"
#include "test_context.h"

using namespace evidence;
using test::TemporaryFolder;
using test::TestContext;

namespace {

// The reading end of a pipe that somebody else fills.
class Pipe {
public:
    explicit Pipe(std::string text) {
        int ends[2];
        // Like a pipe, but who writes to a closed one is told by an error and no signal.
        REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
        reading_ = File::adopt(ends[0], "pipe");
        writer_ = std::jthread([end = ends[1], bytes = std::move(text)] {
            const File writing = File::adopt(end, "pipe");
            std::string_view rest = bytes;
            while (!rest.empty()) {
                const ssize_t done = ::send(writing.fd(), rest.data(), rest.size(), MSG_NOSIGNAL);
                if (done <= 0) return;
                rest.remove_prefix(static_cast<std::size_t>(done));
            }
        });
    }
    ~Pipe() { reading_ = File(); }  // so that the writer ends
    int fd() const { return reading_.fd(); }

private:
    std::jthread writer_;
    File reading_;
};

std::string whole(const File& file) {
    std::string text(file.size(), '\0');
    file.read_exactly_at({reinterpret_cast<std::uint8_t*>(text.data()), text.size()}, 0);
    return text;
}

}  // namespace

TEST_CASE("a stream becomes a file without a name") {
    TestContext context;
    const std::string text = "PK" + std::string(3'000'000, 'x') + "end";
    const Pipe pipe(text);
    const File spool = spool_package(pipe.fd(), "-", context);
    CHECK(spool.name() == "-");
    CHECK(whole(spool) == text);
    CHECK(fs::is_empty(context.scratch.path()));
}

TEST_CASE("a stream that is no package is refused at its first bytes") {
    TestContext context;
    for (const std::string text : {"", "P", "hello", "PX more"}) {
        CAPTURE(text);
        const Pipe pipe(text + (text.size() > 2 ? std::string(20'000'000, 'x') : ""));
        CHECK_THROWS_AS(spool_package(pipe.fd(), "-", context), Error);
    }
}

TEST_CASE("a file at its start needs no copy, one in its middle is taken from there") {
    TestContext context;
    const TemporaryFolder folder;
    write_new_file(folder / "package", as_bytes("xxPK bytes"));
    const File file = File::open_read(folder / "package");
    CHECK(whole(spool_package(file.fd(), "-", context)) == "xxPK bytes");
    REQUIRE(::lseek(file.fd(), 2, SEEK_SET) == 2);
    CHECK(whole(spool_package(file.fd(), "-", context)) == "PK bytes");
}

TEST_CASE("a wish to stop ends the waiting for a silent stream") {
    TestContext context;
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const File reading = File::adopt(ends[0], "pipe"), writing = File::adopt(ends[1], "pipe");
    context.interrupted = true;
    CHECK_THROWS_AS(spool_package(reading.fd(), "-", context), Error);
}

TEST_CASE("no room for the spool is said with its cure") {
    TestContext context;
    const Context full{context.clock, context.random, context.progress, context.interrupted,
                       "/nonexistent"};
    const Pipe pipe("PK");
    CHECK_THROWS_AS(spool_package(pipe.fd(), "-", full), Error);
}
