#include "acquisition/sector_recovery.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <random>

#include "acquisition/acquire_fixture.h"
#include "acquisition/mapfile.h"
#include "test_errors.h"

using namespace evidence;
using namespace evidence::test;

namespace {

constexpr std::size_t sector = 512;

// A disk in memory with sectors that fail, always or a number of times.
class MadeUpDisk : public PositionedReader {
public:
    explicit MadeUpDisk(std::size_t sectors) : content(noise(sectors * sector)) {}

    ssize_t read_at(MutableByteView buffer, std::uint64_t offset) override {
        ++reads;
        for (auto& [bad, times_left] : failing) {
            const std::uint64_t at = bad * sector;
            if (at >= offset + buffer.size() || at + sector <= offset || times_left == 0) continue;
            if (times_left > 0) --times_left;
            return -error_number;
        }
        const std::size_t count = std::min(
            {buffer.size(), content.size() - static_cast<std::size_t>(offset), longest_answer});
        std::copy_n(content.begin() + static_cast<std::ptrdiff_t>(offset), count, buffer.begin());
        return static_cast<ssize_t>(count);
    }

    std::string content;
    std::map<std::uint64_t, int> failing;  // sector: how often, -1 for ever
    int error_number = EIO;
    std::size_t longest_answer = SIZE_MAX;
    int reads = 0;
};

// A disk below a file system that reads whole large sectors only.
class CoarseDisk : public PositionedReader {
public:
    explicit CoarseDisk(MadeUpDisk& disk) : disk_(disk) {}
    ssize_t read_at(MutableByteView buffer, std::uint64_t offset) override {
        constexpr std::size_t large = 4096;
        return offset % large != 0 || buffer.size() % large != 0 ? -EINVAL
                                                                 : disk_.read_at(buffer, offset);
    }

private:
    MadeUpDisk& disk_;
};

struct Recovered {
    std::string bytes;
    std::vector<BadRange> failed;
};

Recovered recover(PositionedReader& reads, const ErrorPolicy& policy, std::size_t from,
                  std::size_t size) {
    TestContext context;
    SectorRecovery recovery(reads, sector, policy, context.context);
    Bytes buffer(size - from, 0xee);
    Recovered result;
    result.failed = recovery.read(buffer, from);
    result.bytes = as_text(buffer);
    return result;
}

Recovered recover(MadeUpDisk& disk, const ErrorPolicy& policy, std::size_t from = 0) {
    return recover(disk, policy, from, disk.content.size());
}

constexpr ErrorPolicy fill{OnError::fill, 0, false, {}};

}  // namespace

TEST_CASE("where small direct reads are refused no readable sector is lost") {
    MadeUpDisk disk(64);
    disk.failing[9] = -1;
    CoarseDisk coarse(disk);
    ReaderWithFallback reads(coarse, disk);
    const Recovered result = recover(reads, fill, 0, disk.content.size());
    REQUIRE(result.failed.size() == 1);
    CHECK(result.failed[0] == BadRange{9 * sector, sector, EIO});
    CHECK(result.bytes == disk.content.replace(9 * sector, sector, std::string(sector, '\0')));
}

TEST_CASE("every set of bad sectors leaves exactly those as zeros") {
    std::mt19937 numbers(11);
    for (int round = 0; round < 200; ++round) {
        MadeUpDisk disk(1 + numbers() % 300);
        const std::size_t sectors = disk.content.size() / sector;
        for (std::size_t left = numbers() % 20; left > 0; --left) {
            disk.failing[numbers() % sectors] = -1;
        }
        if (numbers() % 2) disk.longest_answer = sector;
        std::string expected = disk.content;
        for (const auto& [bad, times] : disk.failing) {
            expected.replace(bad * sector, sector, std::string(sector, '\0'));
        }
        const Recovered result = recover(disk, fill);
        REQUIRE(result.bytes == expected);
        REQUIRE(result.failed.size() == disk.failing.size());
        auto bad = disk.failing.begin();
        for (const BadRange& range : result.failed) {
            CHECK(range == BadRange{(bad++)->first * sector, sector, EIO});
        }
    }
}

TEST_CASE("healthy stretches cost few reads") {
    MadeUpDisk disk(2048);
    disk.failing[1000] = -1;
    recover(disk, fill);
    CHECK(disk.reads < 60);
}

TEST_CASE("a sector is read again as often as asked, and no more") {
    for (unsigned retries : {0u, 1u, 4u}) {
        MadeUpDisk disk(8);
        disk.failing[0] = static_cast<int>(retries);
        CHECK(recover(disk, {OnError::fill, retries, false, {}}).failed.empty());
        disk.failing[0] = static_cast<int>(retries) + 1;
        CHECK(recover(disk, {OnError::fill, retries, false, {}}).failed.size() == 1);
    }
}

TEST_CASE("in reverse the failed sectors are tried once more") {
    MadeUpDisk disk(8);
    disk.failing = {{2, 1}, {3, 1}, {5, -1}};
    const Recovered result = recover(disk, {OnError::fill, 0, true, {}});
    REQUIRE(result.failed.size() == 1);
    CHECK(result.failed[0].offset_bytes == 5 * sector);
    std::string expected = disk.content;
    expected.replace(5 * sector, sector, std::string(sector, '\0'));
    CHECK(result.bytes == expected);
}

TEST_CASE("to stop means at the first sector, and a device that is gone stops even filling") {
    MadeUpDisk disk(64);
    disk.failing = {{7, -1}, {20, -1}};
    const Recovered stopped = recover(disk, {OnError::stop, 0, false, {}});
    REQUIRE(stopped.failed.size() == 1);
    CHECK(stopped.failed[0].offset_bytes == 7 * sector);
    disk.error_number = ENODEV;
    CHECK(recover(disk, fill).failed.size() == 1);
    CHECK(is_gone(ENODEV));
    CHECK_FALSE(is_gone(EIO));
}

TEST_CASE("a file whose last sector is short is read to its end") {
    MadeUpDisk disk(4);
    disk.content.resize(3 * sector + 100);
    disk.failing[1] = -1;
    const Recovered result = recover(disk, fill, sector);
    CHECK(result.bytes.substr(sector) == disk.content.substr(2 * sector));
    CHECK(result.failed.size() == 1);
}

TEST_CASE("bad ranges that touch are one, and their map says what they come to") {
    TemporaryFolder folder;
    BadRanges ranges;
    CHECK(ranges.empty());
    ranges.add({512, 512, EIO});
    ranges.add({1024, 512, ETIMEDOUT});
    ranges.add({4096, 1024, EIO});
    CHECK(ranges.all().size() == 2);
    CHECK(ranges.bytes() == 2048);
    write_mapfile(folder / "map", ranges, 5120);
    CHECK(read_file(folder / "map")
              .ends_with("0x00000000  0x00000200  +\n"
                         "0x00000200  0x00000400  -\n"
                         "0x00000600  0x00000A00  +\n"
                         "0x00001000  0x00000400  -\n"));
    const File file = File::open_read(folder / "map");
    LineReader lines = LineReader::of_file(file, 0, file.size(), "map", mapfile_max_line_bytes);
    CHECK(sum_up_mapfile(lines, 5120) == AcquisitionRecord::Map{2048, 2});
    CHECK(describe(ranges.all()[0], 512) == "sectors 1 to 2 (EIO at byte 512)");
    CHECK(describe({512, 512, ETIMEDOUT}, 512) == "sector 1 (ETIMEDOUT at byte 512)");
}

TEST_CASE("more unreadable places than can be kept stop the acquisition") {
    BadRanges ranges;
    for (std::uint64_t i = 0; i < max_bad_ranges; ++i) ranges.add({i * 1024, 512, EIO});
    CHECK_THROWS_AS(ranges.add({max_bad_ranges * 1024, 512, EIO}), Error);
}
