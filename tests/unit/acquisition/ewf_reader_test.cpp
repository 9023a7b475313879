#include "acquisition/ewf_reader.h"

#include <doctest/doctest.h>
#include <libdeflate.h>

#include "acquisition/ewf_fixture.h"
#include "acquisition/ewf_surgery.h"
#include "acquisition/sector_recovery.h"
#include "test_errors.h"

using namespace evidence;
using namespace evidence::test;

namespace {

std::optional<ErrorKind> refusal(const fs::path& first) {
    return kind_of_error([&] { EwfReader reader(first); });
}

// "right", "wrong" or "error".
std::string outcome(const fs::path& first, std::string_view content) {
    try {
        EwfReader reader(first);
        return read_all(reader) == content ? "right" : "wrong";
    } catch (const Error& error) {
        return error.kind() == ErrorKind::malformed ? "error" : error.message();
    } catch (const std::runtime_error&) {
        return "error";  // a chunk could not be read
    }
}

struct SmallSet {
    SmallSet() {
        const EwfOptions options = example_options(folder.path(), content.size());
        write_set(options, content);
        bytes = read_file(path);
    }

    TemporaryFolder folder;
    fs::path path = folder / "image.E01";
    // Chunks: text, noise, text, zeros, a short one.
    std::string content = some_text(32768) + noise(32768) + some_text(32768) +
                          std::string(32768, '\0') + some_text(10 * 512);
    std::string bytes;
};

}  // namespace

TEST_CASE("an E01 set is known by its first bytes") {
    SmallSet set;
    CHECK(looks_like_ewf(File::open_read(set.path)));
    write_file(set.folder / "other", set.bytes.substr(1));
    CHECK(!looks_like_ewf(File::open_read(set.folder / "other")));
    write_file(set.folder / "short", "EVF");
    CHECK(!looks_like_ewf(File::open_read(set.folder / "short")));
}

TEST_CASE("any part of the medium can be read, also over chunks and the end") {
    SmallSet set;
    EwfReader reader(set.path);
    Bytes buffer(100'000);
    for (const std::uint64_t offset : {0U, 1U, 511U, 32'767U, 32'768U, 70'000U, 136'191U}) {
        const ssize_t count = reader.read_at(buffer, offset);
        REQUIRE(count > 0);
        CHECK(as_text(ByteView(buffer).first(static_cast<std::size_t>(count))) ==
              set.content.substr(offset, buffer.size()));
    }
    CHECK(reader.read_at(buffer, set.content.size()) == 0);
    CHECK(reader.read_at(buffer, std::uint64_t{1} << 62) == 0);
}

TEST_CASE("a set is opened anew now and then, and reads the same") {
    TemporaryFolder folder;
    const std::string content = noise(10 << 20);
    EwfOptions options = example_options(folder.path(), content.size());
    options.segment_bytes = 1 * mib;
    write_set(options, content);
    EwfReader often(folder / "image.E01", 40), seldom(folder / "image.E01");
    CHECK(read_all(often) == content);
    CHECK(read_all(often, 512 << 10) == content);
    CHECK(read_all(seldom) == content);
    // The chunks are still there, but nobody can open this any more.
    std::string first = read_file(folder / "image.E01");
    first[20] = 'x';
    write_file(folder / "image.E01", first);
    CHECK(read_all(seldom) == content);
    CHECK_THROWS_AS(read_all(often), std::runtime_error);
    Bytes buffer(512);
    CHECK(often.read_at(buffer, 9 << 20) == -EIO);
}

TEST_CASE("a damaged chunk is an input/output error, the others can be read") {
    const std::size_t begin = [] {
        SmallSet set;
        return section(set.bytes, "sectors") + 76;
    }();
    // In the compressed first chunk, and in the stored second one behind it.
    for (const std::size_t damaged : {0U, 1U}) {
        SmallSet set;
        std::size_t at = begin + 100;
        if (damaged == 1) at = set.bytes.find(set.content.substr(32768, 100)) + 50;
        set.bytes[at] = static_cast<char>(set.bytes[at] ^ 0x10);
        write_file(set.path, set.bytes);
        EwfReader reader(set.path);
        Bytes buffer(512);
        for (int pass = 0; pass < 2; ++pass) {
            for (std::uint64_t offset = 0; offset < set.content.size(); offset += 512) {
                const ssize_t count = reader.read_at(buffer, offset);
                if (offset / 32768 == damaged) {
                    CHECK(count == -EIO);
                } else {
                    REQUIRE(count == 512);
                    CHECK(as_text(buffer) == set.content.substr(offset, 512));
                }
            }
        }
        Bytes all(set.content.size());
        CHECK(reader.read_at(all, 0) == (damaged == 0 ? -EIO : 32768));
    }
}

TEST_CASE("the recovery of bad sectors narrows damage down to the chunk") {
    SmallSet set;
    const std::size_t at = section(set.bytes, "sectors") + 76 + 100;
    set.bytes[at] = static_cast<char>(set.bytes[at] ^ 1);
    write_file(set.path, set.bytes);
    EwfReader reader(set.path);
    TestContext context;
    ErrorPolicy policy;
    policy.on_error = OnError::fill;
    SectorRecovery recovery(reader, reader.sector_bytes(), policy, context);
    Bytes buffer(set.content.size());
    BadRanges bad;
    for (const BadRange& range : recovery.read(buffer, 0)) bad.add(range);
    CHECK(bad.all() == std::vector<BadRange>{{0, 32768, EIO}});
    CHECK(as_text(buffer).substr(32768) == set.content.substr(32768));
}

TEST_CASE("a chunk that is too short is an error, not a shift of what follows") {
    SmallSet set;
    // The fourth, all zeros, is made to hold 100 of them.
    const std::size_t table = section(set.bytes, "table") + 76;
    const std::size_t at = number_at(set.bytes, table + 8, 8) +
                           (number_at(set.bytes, table + 24 + 4 * 3, 4) & 0x7fffffff);
    libdeflate_compressor* compressor = libdeflate_alloc_compressor(9);
    const std::string zeros(100, '\0');
    REQUIRE(libdeflate_zlib_compress(compressor, zeros.data(), zeros.size(), set.bytes.data() + at,
                                     30) > 0);
    libdeflate_free_compressor(compressor);
    write_file(set.path, set.bytes);
    EwfReader reader(set.path);
    Bytes buffer(512);
    CHECK(reader.read_at(buffer, 32768 * 3) == -EIO);
    CHECK(reader.read_at(buffer, 32768 * 4) == 512);
    CHECK(as_text(buffer) == set.content.substr(32768 * 4, 512));
}

TEST_CASE("a set with a file missing is refused, and the file is named") {
    TemporaryFolder folder;
    const std::string content = noise(4 << 20);
    EwfOptions options = example_options(folder.path(), content.size());
    options.segment_bytes = 1 * mib;
    const std::size_t count = write_set(options, content).size();
    REQUIRE(count == 5);
    for (unsigned number = 1; number <= count; ++number) {
        const std::string name = "image." + ewf_segment_extension(number);
        fs::rename(folder / name, folder / "away");
        CHECK_THROWS_WITH_AS(EwfReader(folder / "image.E01"), doctest::Contains(name.c_str()),
                             Error);
        fs::create_directory(folder / name);
        CHECK(refusal(folder / "image.E01") == ErrorKind::malformed);
        fs::remove(folder / name);
        fs::create_symlink("away", folder / name);
        CHECK(refusal(folder / "image.E01") == ErrorKind::malformed);
        fs::remove(folder / name);
        fs::rename(folder / "away", folder / name);
    }
    CHECK(!refusal(folder / "image.E01"));
    fs::copy(folder / "image.E02", folder / "image.E06");
    CHECK(refusal(folder / "image.E01") == ErrorKind::malformed);
    fs::remove(folder / "image.E06");
    fs::remove(folder / "image.E03");
    fs::copy(folder / "image.E02", folder / "image.E03");
    CHECK_THROWS_WITH_AS(EwfReader(folder / "image.E01"),
                         doctest::Contains("image.E03 (expected number 3, found 2)"), Error);
}

TEST_CASE("a set is named by its first file, in either case") {
    SmallSet set;
    fs::rename(set.path, set.folder / "x.e01");
    EwfReader reader(set.folder / "x.e01");
    CHECK(read_all(reader) == set.content);
    fs::rename(set.folder / "x.e01", set.folder / "x.E02");
    CHECK(refusal(set.folder / "x.E02") == ErrorKind::usage);
    CHECK(refusal(set.folder / "absent.E01") == ErrorKind::not_found);
}

TEST_CASE("a set that declares more than it can hold is refused before libewf allocates it") {
    const std::pair<std::uint64_t, const char*> cases[] = {
        {0, "a medium of"},
        {std::uint64_t{1} << 24, "no more chunks than its files can hold"},
        {std::uint64_t{1} << 40, "no more chunks than its files can hold"},
        {~std::uint64_t{0}, "a medium of"}};
    for (const auto& [sectors, message] : cases) {
        SmallSet set;
        const std::size_t volume = section(set.bytes, "volume") + 76;
        put_number(set.bytes, volume + 4, 4, sectors / 64);
        put_number(set.bytes, volume + 16, 8, sectors);
        put_adler32(set.bytes, volume, 1048);
        write_file(set.path, set.bytes);
        CHECK(refusal(set.path) == ErrorKind::malformed);
        CHECK_THROWS_WITH_AS(EwfReader(set.path), doctest::Contains(message), Error);
    }
}

TEST_CASE("a cut set is refused wherever it is cut") {
    SmallSet set;
    for (std::size_t size = 0; size < set.bytes.size(); size += size < 3000 ? 1 : 97) {
        write_file(set.path, set.bytes.substr(0, size));
        CHECK(refusal(set.path) == ErrorKind::malformed);
    }
}

TEST_CASE("a set with any byte changed reads right or gives an error") {
    SmallSet set;
    const std::size_t chunks_end = section(set.bytes, "table");
    for (std::size_t at = 0; at < set.bytes.size(); ++at) {
        // Of the chunks, whose bytes are all alike, some will do.
        if (at > section(set.bytes, "sectors") + 200 && at < chunks_end && at % 199 != 0) continue;
        for (const int change : {0x01, 0x80, 0xff}) {
            std::string changed = set.bytes;
            changed[at] = static_cast<char>(changed[at] ^ change);
            write_file(set.path, changed);
            CAPTURE(at);
            CHECK(outcome(set.path, set.content) != "wrong");
        }
    }
}
