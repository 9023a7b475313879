#include "acquisition/mapfile.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "test_errors.h"

using namespace evidence;

namespace {

AcquisitionRecord::Map sum_of(std::string text, std::uint64_t size_bytes = 0x10000) {
    LineReader lines(
        [&text](MutableByteView buffer) {
            const std::size_t got =
                text.copy(reinterpret_cast<char*>(buffer.data()), buffer.size());
            text.erase(0, got);
            return got;
        },
        "map", mapfile_max_line_bytes);
    return sum_up_mapfile(lines, size_bytes);
}

const std::string head =
    "# Mapfile. Created by GNU ddrescue version 1.23\n# a comment\n0x200 + 1\n";

}  // namespace

TEST_CASE("a mapfile comes to its unfinished bytes and the ranges they form") {
    const auto map =
        sum_of(head + "0x0 0x200 +\n0x200 512 -\n0x400 0x200 /\n0x600\t02000  +\n0xA00 0x1 ?\n");
    CHECK(map.bad_bytes == 1025);
    CHECK(map.ranges == 2);
    CHECK(sum_of(head + "0x0 0x10000 +\n").ranges == 0);
    CHECK(sum_of(head).bad_bytes == 0);
}

TEST_CASE("what is no mapfile is refused") {
    for (const std::string& wrong :
         {std::string(), std::string("# only a comment\n"), std::string("not a map\n"),
          head + "0x0 0x200\n", head + "0x0 0x200 !\n", head + "0x0 0x200 +-\n",
          head + "0x0 -1 +\n", head + "0x0 0x 0\n", head + "0x0 0x200 +\n0x100 0x200 -\n",
          head + "0x0 0x200 +\n0x300 0x200 -\n", head + "0x0 0x10001 -\n", head + "0x10001 0x0 -\n",
          head + "0x1 0xFFFFFFFFFFFFFFFF -\n", head + "0x0 0x1FFFFFFFFFFFFFFFF -\n",
          head + std::string(5000, 'x') + "\n"}) {
        CAPTURE(wrong);
        CHECK(test::kind_of_error([&] { sum_of(wrong); }) == ErrorKind::malformed);
    }
}

TEST_CASE("the blocks of a mapfile are handed out in order, as they stand") {
    std::string text = head + "0x10 0x10 +\n0x20 0x0 -\n0x20 16 *\n";
    LineReader lines(
        [&text](MutableByteView buffer) {
            const std::size_t got =
                text.copy(reinterpret_cast<char*>(buffer.data()), buffer.size());
            text.erase(0, got);
            return got;
        },
        "map", mapfile_max_line_bytes);
    std::string seen;
    visit_mapfile(lines, [&seen](const MapBlock& block) {
        seen += std::to_string(block.offset_bytes) + "+" + std::to_string(block.size_bytes) +
                block.status + (block.is_finished() ? " read, " : " not read, ");
    });
    CHECK(seen == "16+16+ read, 32+0- not read, 32+16* not read, ");
}
