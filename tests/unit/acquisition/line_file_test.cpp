#include "acquisition/line_file.h"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <csignal>

#include "base/error.h"
#include "test_context.h"

using namespace evidence;
using namespace evidence::test;

namespace {

// What a full disk does: a write stops short, the next one fails.
class FileSizeLimit {
public:
    explicit FileSizeLimit(std::uint64_t bytes) {
        ::getrlimit(RLIMIT_FSIZE, &before_);
        handler_ = std::signal(SIGXFSZ, SIG_IGN);
        const struct rlimit limit { bytes, before_.rlim_max };
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() {
        ::setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }
    FileSizeLimit(const FileSizeLimit&) = delete;
    FileSizeLimit& operator=(const FileSizeLimit&) = delete;

private:
    struct rlimit before_ {};
    void (*handler_)(int) = nullptr;
};

}  // namespace

TEST_CASE("lines that did not fit are written to their place once there is room") {
    TemporaryFolder folder;
    LineFile lines(folder / "lines");
    std::string expected;
    for (int i = 0; i < 1000; ++i) {
        const std::string line = "line " + std::to_string(i);
        lines.add(line);
        expected += line + "\n";
    }
    {
        const FileSizeLimit limit(5000);
        CHECK_THROWS_AS(lines.sync(), Error);
    }
    CHECK(fs::file_size(folder / "lines") == 5000);
    lines.add("one more");
    expected += "one more\n";
    CHECK(lines.finish() == sha256_hex(expected));
    CHECK(read_small_file(folder / "lines", mib) == expected);
}
