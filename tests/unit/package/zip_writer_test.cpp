#include "package/zip_writer.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "base/error.h"
#include "digest/crc32.h"
#include "small_package.h"

using namespace evidence;
using namespace evidence::test;

namespace {

// True when the command, with `path` as its $1, succeeds quietly.
bool accepts(const std::string& command, const fs::path& path) {
    const std::string line =
        "sh -c '" + command + "' sh '" + path.native() + "' >/dev/null 2>&1 </dev/null";
    return std::system(line.c_str()) == 0;  // NOLINT: fixed text, a path we made
}

void check_foreign_readers(const fs::path& path) {
    CHECK(accepts("unzip -tqq \"$1\"", path));
    CHECK(
        accepts("python3 -c \"import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);"
                "sys.exit(z.testzip() is not None)\" \"$1\"",
                path));
    CHECK(accepts("7z t \"$1\"", path));
    CHECK(accepts("cmake -E tar tf \"$1\"", path));  // libarchive
}

}  // namespace

TEST_CASE("mimetype is found at offset 30 and its value at offset 38") {
    const std::string zip = zip_of(small_contents());
    CHECK(zip.substr(30, 8) == "mimetype");
    CHECK(zip.substr(38, 31) == package_mimetype);
}

TEST_CASE("the reader finds what the writer wrote and nothing wrong with it") {
    TemporaryFolder folder;
    const File file = file_of(folder, zip_of(small_contents()));
    Findings findings;
    const ZipStructure zip = read_zip_structure(file, findings);
    CHECK(findings.all().empty());
    REQUIRE(zip.entries.size() == small_contents().size());
    for (const NamedContent& content : small_contents()) {
        const ZipEntry* entry = zip.find(content.first);
        REQUIRE(entry != nullptr);
        CHECK(read_entry(file, *entry, 100) == content.second);
    }
    CHECK(zip.find("nothing") == nullptr);
}

TEST_CASE("the stock tools accept what the writer wrote") {
    TemporaryFolder folder;
    const fs::path path = folder / "small.zip";
    write_new_file(path, as_bytes(zip_of(small_contents())));
    check_foreign_readers(path);
}

TEST_CASE("content that is not as announced is refused with its name") {
    const auto attempt = [](std::uint64_t size, std::uint32_t crc, std::string_view content) {
        ZipWriter writer([](ByteView) {});
        writer.begin_entry("data/000001.bin", size, crc);
        writer.write(as_bytes(content));
        writer.finish_entry();
    };
    const std::uint32_t crc = crc32(0, as_bytes("abc"));
    CHECK_NOTHROW(attempt(3, crc, "abc"));
    CHECK_THROWS_WITH_AS(attempt(4, crc, "abc"), doctest::Contains("data/000001.bin"), Error);
    CHECK_THROWS_WITH_AS(attempt(2, crc, "abc"), doctest::Contains("longer"), Error);
    CHECK_THROWS_WITH_AS(attempt(3, crc, "abd"), doctest::Contains("CRC-32"), Error);
}

TEST_CASE("names outside the profile and too many entries are refused") {
    ZipWriter writer([](ByteView) {});
    CHECK_THROWS_AS(writer.add("../x", ""), Error);
    CHECK_THROWS_AS(writer.add("a b", ""), Error);
    for (std::size_t i = 0; i < zip_max_entries; ++i) writer.add("a", "");
    CHECK_THROWS_WITH_AS(writer.add("a", ""), doctest::Contains("too many"), Error);
}

TEST_CASE("an entry over 4 GiB and one behind it are written as ZIP64 that all readers accept") {
    // Zeros are skipped instead of written: the file has holes, and CRC-32 runs over them once.
    TemporaryFolder folder;
    const fs::path path = folder / "large.asice";
    constexpr std::uint64_t size = 4 * gib + 5;
    const Bytes zeros(8 * mib);
    std::uint32_t crc = 0;
    for (std::uint64_t left = size; left > 0;) {
        const std::size_t step = std::min<std::uint64_t>(left, zeros.size());
        crc = crc32(crc, ByteView(zeros).first(step));
        left -= step;
    }
    File file = File::create_new(path);
    std::uint64_t offset = 0;
    ZipWriter writer([&](ByteView bytes) {
        if (bytes.data() != zeros.data()) file.write_at(bytes, offset);
        offset += bytes.size();
    });
    writer.add("mimetype", package_mimetype);
    writer.begin_entry("data/000001.img", size, crc);
    for (std::uint64_t left = size; left > 0;) {
        const std::size_t step = std::min<std::uint64_t>(left, zeros.size());
        writer.write(ByteView(zeros).first(step));
        left -= step;
    }
    writer.finish_entry();
    writer.add("items.jsonl", "{}\n");
    const std::uint64_t written = writer.finish();
    CHECK(written == file.size());

    Findings findings;
    const ZipStructure zip = read_zip_structure(file, findings);
    CHECK(findings.all().empty());
    REQUIRE(zip.entries.size() == 3);
    CHECK(zip.entries[1].size == size);
    CHECK(zip.entries[2].header_offset > 4 * gib);
    CHECK(read_entry(file, zip.entries[2], 10) == "{}\n");
    CHECK(accepts("unzip -tqq \"$1\" items.jsonl", path));
    CHECK(
        accepts("python3 -c \"import sys,zipfile;z=zipfile.ZipFile(sys.argv[1]);"
                "i=z.getinfo(\\\"data/000001.img\\\").file_size;"
                "sys.exit(not(i==4*2**30+5 and z.read(\\\"items.jsonl\\\")==b\\\"{}\\\\n\\\"))\" "
                "\"$1\"",
                path));
    CHECK(accepts("7z t \"$1\" items.jsonl", path));
    CHECK(accepts("cmake -E tar tf \"$1\"", path));  // libarchive
}
