#include "acquisition/ewf_medium.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "acquisition/ewf_fixture.h"
#include "acquisition/ewf_surgery.h"
#include "test_errors.h"

using namespace evidence;
using namespace evidence::test;

namespace {

// 1 MiB at a time, as broadcast() does.
std::string medium_of(const std::vector<EwfExtent>& extents, unsigned workers = 2,
                      std::size_t step = mib) {
    EwfMediumReader reader(extents, workers);
    std::string content;
    Bytes buffer(step);
    for (;;) {
        const std::size_t size = reader.read(buffer);
        content += as_text(ByteView(buffer).first(size));
        if (size < buffer.size()) break;
    }
    CHECK(reader.read(buffer) == 0);
    CHECK(reader.media_bytes() == content.size());
    return content;
}

// The segments of a set as files of their own.
struct OpenSet {
    OpenSet(const fs::path& folder, const std::vector<EwfSegment>& segments) {
        for (const EwfSegment& segment : segments) {
            files.push_back(File::open_read(folder / segment.name));
        }
        for (const File& file : files) extents.push_back({&file, 0, file.size()});
    }

    std::vector<File> files;
    std::vector<EwfExtent> extents;
};

// A set with its segments in memory, to be damaged.
struct Segments {
    explicit Segments(std::string_view content, std::uint64_t segment_bytes = 2 * gib,
                      EwfCompression compression = EwfCompression::fast) {
        EwfOptions options = example_options(folder.path(), content.size());
        options.segment_bytes = segment_bytes;
        options.compression = compression;
        for (const EwfSegment& segment : write_set(options, content)) {
            bytes.push_back(read_file(folder / segment.name));
        }
    }

    // As they are now, with odd gaps between them, as in a package.
    std::string medium() const {
        std::string all;
        std::vector<EwfExtent> extents;
        for (const std::string& segment : bytes) {
            all += std::string(1 + all.size() % 61, '\xff');
            extents.push_back({nullptr, all.size(), segment.size()});
            all += segment;
        }
        write_file(folder / "package", all + "end");
        const File file = File::open_read(folder / "package");
        for (EwfExtent& extent : extents) extent.file = &file;
        return medium_of(extents);
    }

    std::optional<ErrorKind> refusal() const {
        return kind_of_error([this] { medium(); });
    }
    bool is_malformed() const { return refusal() == ErrorKind::malformed; }

    TemporaryFolder folder;
    std::vector<std::string> bytes;
};

const std::string& small_content() {
    // Chunks: text, noise, text, zeros, a short one.
    static const std::string content = some_text(32768) + noise(32768) + some_text(32768) +
                                       std::string(32768, '\0') + some_text(10 * 512);
    return content;
}

// Of the entry `index` in the table of the segment.
std::size_t entry_at(const std::string& segment, std::size_t index) {
    return section(segment, "table") + 76 + 24 + 4 * index;
}

void put_entry(std::string& segment, std::size_t index, std::uint64_t value) {
    put_number(segment, entry_at(segment, index), 4, value);
    const std::size_t count = number_at(segment, section(segment, "table") + 76, 4);
    put_adler32(segment, entry_at(segment, 0), 4 * count);
}

std::size_t chunk_at(const std::string& segment, std::size_t index) {
    return number_at(segment, section(segment, "table") + 76 + 8, 8) +
           (number_at(segment, entry_at(segment, index), 4) & 0x7fffffff);
}

// So many zeros as a compressed chunk.
std::string packed_zeros(std::size_t size) {
    libdeflate_compressor* compressor = libdeflate_alloc_compressor(9);
    const std::string zeros(size, '\0');
    std::string packed(1000, '\0');
    packed.resize(libdeflate_zlib_compress(compressor, zeros.data(), zeros.size(), packed.data(),
                                           packed.size()));
    libdeflate_free_compressor(compressor);
    return packed;
}

void put_chunk_of_zeros(std::string& segment, std::size_t index, std::size_t size) {
    const std::size_t at = chunk_at(segment, index);
    const std::string packed = packed_zeros(size);
    REQUIRE(packed.size() <= chunk_at(segment, index + 1) - at);
    segment.replace(at, packed.size(), packed);
}

bool tools_are_here() {
    const bool here = std::system("command -v ewfacquire >/dev/null") == 0;
    if (!here) MESSAGE("SKIPPED: no ewf-tools here (apt-get install ewf-tools)");
    return here;
}

// The segments in the folder, image.E01 ..; empty when the set could not be made.
std::vector<std::string> acquire_with_tool(const fs::path& folder, std::string_view content,
                                           const std::string& options) {
    write_file(folder / "source.raw", content);
    const int status = std::system(("cd '" + folder.native() + "' && ewfacquire -u -q -t image " +
                                    options + " source.raw >output.txt 2>&1 </dev/null")
                                       .c_str());
    std::vector<std::string> segments;
    if (status != 0) return segments;
    for (unsigned number = 1;; ++number) {
        const fs::path path = folder / ("image." + ewf_segment_extension(number));
        if (!fs::exists(path)) return segments;
        segments.push_back(read_file(path));
    }
}

}  // namespace

TEST_CASE("the medium in our E01 sets is what went into them") {
    const std::string content = noise(9 << 20) + std::string(10 << 20, '\0') + some_text(3 << 20) +
                                noise(16 * 4096) + noise(4096);
    for (const EwfCompression compression :
         {EwfCompression::none, EwfCompression::fast, EwfCompression::best}) {
        for (const unsigned sector_bytes : {512U, 4096U}) {
            for (const std::uint64_t segment_bytes : {1 * mib, 2 * gib}) {
                TemporaryFolder folder;
                EwfOptions options = example_options(folder.path(), content.size());
                options.compression = compression;
                options.sector_bytes = sector_bytes;
                options.segment_bytes = segment_bytes;
                const OpenSet set(folder.path(), write_set(options, content));
                const EwfMediumReader reader(set.extents);
                CHECK(reader.media_bytes() == content.size());
                CHECK(reader.sector_bytes() == sector_bytes);
                DigestSet digests = digests_of(content);
                digests.erase(Algorithm::sha256);
                CHECK(reader.stored_digests() == digests);
                // Not CHECK(a == b): doctest would print both.
                const bool same = medium_of(set.extents) == content;
                CHECK(same);
            }
        }
    }
}

TEST_CASE("the medium is the same with any number of workers and size of reads") {
    const std::string content = some_text(2 << 20) + noise(9 << 20) + noise(512 * 3);
    TemporaryFolder folder;
    const OpenSet set(folder.path(),
                      write_set(example_options(folder.path(), content.size()), content));
    for (const unsigned workers : {1U, 2U, 7U, 1000U}) {
        for (const std::size_t step : {std::size_t{999'983}, std::size_t{mib}, content.size(),
                                       content.size() + 1, 3 * content.size()}) {
            const bool same = medium_of(set.extents, workers, step) == content;
            CHECK(same);
        }
    }
}

TEST_CASE("media of any number of sectors and chunks are read") {
    for (const std::size_t sectors : {1U, 63U, 64U, 65U, 128U, 255U, 256U, 257U}) {
        const std::string content = noise(sectors * 512);
        CHECK(Segments(content).medium() == content);
    }
}

TEST_CASE("a reader may be left before the end") {
    const std::string content = noise(40 << 20);
    TemporaryFolder folder;
    const OpenSet set(folder.path(),
                      write_set(example_options(folder.path(), content.size()), content));
    Bytes buffer(mib);
    for (const int reads : {0, 1, 9}) {
        EwfMediumReader reader(set.extents, 3);
        for (int i = 0; i < reads; ++i) REQUIRE(reader.read(buffer) == buffer.size());
    }
}

TEST_CASE("the medium in sets of ewfacquire is what went into them, in all formats of EnCase") {
    if (!tools_are_here()) return;
    const std::string content =
        noise(1'200'000) + std::string(900'000, '\0') + some_text(20'480) + noise(512 * 7 + 224);
    REQUIRE(content.size() % 512 == 0);
    for (const char* format : {"encase1", "encase2", "encase3", "encase4", "encase5", "encase6",
                               "encase7", "linen5", "linen6", "linen7", "ftk"}) {
        for (const char* more : {"-c none -S 1MiB", "-c best -S 1MiB", "-c fast -b 16",
                                 "-c fast -b 2048", "-c empty-block -b 32768 -S 10GiB"}) {
            CAPTURE(format);
            CAPTURE(more);
            TemporaryFolder folder;
            const std::vector<std::string> bytes =
                acquire_with_tool(folder.path(), content, std::string("-f ") + format + " " + more);
            REQUIRE(!bytes.empty());
            Segments set(small_content());
            set.bytes = bytes;
            const bool same = set.medium() == content;
            CHECK(same);
        }
    }
}

TEST_CASE("sets of ewfacquire with several tables in a segment are read") {
    if (!tools_are_here()) return;
    std::string content = noise(1 << 20) + std::string(70 << 20, '\0') + noise(1 << 20);
    TemporaryFolder folder;
    Segments set(small_content());
    set.bytes = acquire_with_tool(folder.path(), content, "-f encase5 -c fast -b 16 -S 1900MiB");
    REQUIRE(set.bytes.size() == 1);
    // -b 16: 8 KiB chunks, 9216 of them; 4 KiB are not to be had.
    content += content;
    content += content;
    TemporaryFolder other;
    set.bytes = acquire_with_tool(other.path(), content, "-f encase5 -c fast -b 16 -S 1900MiB");
    REQUIRE(set.bytes.size() == 1);
    std::size_t tables = 0;
    for (std::size_t at = 0;
         (at = set.bytes[0].find(std::string("table\0", 6), at)) != std::string::npos; ++at) {
        ++tables;
    }
    CHECK(tables > 1);
    const bool same = set.medium() == content;
    CHECK(same);
}

TEST_CASE("formats that are akin to E01 are refused by name") {
    Segments set(small_content());
    const std::string before = set.bytes[0];
    set.bytes[0].replace(0, 3, "LVF");
    CHECK(set.refusal() == ErrorKind::unsupported);
    set.bytes[0] = std::string("EVF2\x0d\x0a\x81\x00", 8) + before.substr(8);
    CHECK(set.refusal() == ErrorKind::unsupported);
    if (!tools_are_here()) return;
    TemporaryFolder folder;
    write_file(folder / "source.raw", small_content());
    REQUIRE(std::system(("cd '" + folder.path().native() +
                         "' && ewfacquire -u -q -t image -f smart source.raw >/dev/null 2>&1")
                            .c_str()) == 0);
    set.bytes[0] = read_file(folder / "image.s01");
    CHECK(set.refusal() == ErrorKind::unsupported);
}

TEST_CASE("a set is never read as another medium, whichever byte of it is flipped") {
    // Chunks: text, zeros, a short one that is stored.
    const std::string content = some_text(32768) + std::string(32768, '\0') + noise(512 * 3);
    const Segments set(content);
    const std::string& before = set.bytes[0];
    std::vector<bool> idle(before.size());
    const auto may_change = [&](std::size_t begin, std::size_t end) {
        std::fill(idle.begin() + static_cast<std::ptrdiff_t>(begin),
                  idle.begin() + static_cast<std::ptrdiff_t>(end), true);
    };
    for (std::size_t at = 13; number_at(before, at + 16, 8) > at;) {
        const std::string type(before.c_str() + at);
        const std::size_t next = number_at(before, at + 16, 8);
        // Not read here: texts, the mirror of the table, where sectors could not be acquired.
        if (type == "header" || type == "header2" || type == "table2" || type == "error2") {
            may_change(at + 76, next);
        }
        at = next;
    }
    // Deflate has bits that say nothing: behind its end, and lengths of codes that are not used.
    may_change(chunk_at(before, 0), chunk_at(before, 2));
    File file = File::create_unnamed(set.folder.path());
    file.write(as_bytes(before));
    std::size_t harmless = 0;
    for (std::size_t at = 0; at < before.size(); ++at) {
        for (const int bits : {0x01, 0x80, 0xff}) {
            const auto flipped = static_cast<std::uint8_t>(before[at] ^ bits);
            file.write_at({&flipped, 1}, at);
            bool same = true;
            const std::optional<ErrorKind> kind = kind_of_error([&] {
                same = medium_of({{&file, 0, before.size()}}, 1) == content;
            });
            if (!same || (!kind && !idle[at]) || (kind && kind != ErrorKind::malformed)) {
                FAIL((same ? "not noticed: byte " : "another medium by byte "), at);
            }
            harmless += !kind;
        }
        file.write_at(as_bytes(before).subspan(at, 1), at);
    }
    CHECK(harmless > 0);
    CHECK(medium_of({{&file, 0, before.size()}}, 1) == content);
}

TEST_CASE("a set that is cut anywhere is malformed") {
    Segments set(small_content());
    const std::string before = set.bytes[0];
    for (std::size_t size = 0; size < before.size(); size += size < 2000 ? 1 : 97) {
        set.bytes[0] = before.substr(0, size);
        CAPTURE(size);
        REQUIRE(set.is_malformed());
    }
    // Also where the file goes on behind the range, or ends before it.
    write_file(set.folder / "whole", before);
    write_file(set.folder / "cut", before.substr(0, before.size() - 1));
    const File whole = File::open_read(set.folder / "whole");
    const File cut = File::open_read(set.folder / "cut");
    for (std::size_t size = 0; size < before.size(); size += size < 2000 ? 1 : 97) {
        REQUIRE(kind_of_error([&] { medium_of({{&whole, 0, size}}); }) == ErrorKind::malformed);
    }
    CHECK(kind_of_error([&] { medium_of({{&cut, 0, before.size()}}); }) == ErrorKind::malformed);
}

TEST_CASE("segments that are missing, swapped, doubled or of another set are malformed") {
    const std::string content = noise(4 << 20);
    Segments set(content, 1 * mib);
    const std::vector<std::string> before = set.bytes;
    REQUIRE(before.size() == 5);
    CHECK(set.medium() == content);
    set.bytes.clear();
    CHECK(kind_of_error([] { EwfMediumReader({}); }) == ErrorKind::malformed);
    for (std::size_t i = 0; i < before.size(); ++i) {
        CAPTURE(i);
        set.bytes = before;
        set.bytes.erase(set.bytes.begin() + static_cast<std::ptrdiff_t>(i));
        CHECK(set.is_malformed());
        set.bytes = before;
        set.bytes.insert(set.bytes.begin() + static_cast<std::ptrdiff_t>(i), before[i]);
        CHECK(set.is_malformed());
        set.bytes = before;
        std::swap(set.bytes[i], set.bytes[(i + 1) % before.size()]);
        CHECK(set.is_malformed());
    }
    // Of a medium of the same size, with another identifier.
    TemporaryFolder folder;
    EwfOptions options = example_options(folder.path(), content.size());
    options.segment_bytes = 1 * mib;
    options.set_identifier[0] ^= 1;
    write_set(options, content);
    set.bytes = before;
    set.bytes[2] = read_file(folder / "image.E03");
    CHECK(set.is_malformed());
    // All chunks are there, but it says that something follows.
    Segments whole(small_content());
    const std::size_t done = section(whole.bytes[0], "done");
    whole.bytes[0].replace(done, 4, "next");
    put_adler32(whole.bytes[0], done, 72);
    CHECK(whole.is_malformed());
    // Numbered anew it is still not the end of the set.
    set.bytes = {before[0], before[1]};
    CHECK(set.is_malformed());
    set.bytes = {before[0], before[4]};
    put_number(set.bytes[1], 9, 2, 2);
    CHECK(set.is_malformed());
}

TEST_CASE("a chain of sections that leads back, nowhere or outside is malformed") {
    Segments set(small_content());
    const std::string before = set.bytes[0];
    for (const char* type : {"header2", "volume", "sectors", "table", "table2", "data", "digest"}) {
        const std::size_t at = section(before, type);
        for (const std::uint64_t next :
             {std::uint64_t{0}, std::uint64_t{13}, std::uint64_t{at}, std::uint64_t{at + 75},
              std::uint64_t{before.size() - 75}, std::uint64_t{before.size()},
              std::uint64_t{1} << 40, ~std::uint64_t{0}}) {
            set.bytes[0] = before;
            put_number(set.bytes[0], at + 16, 8, next);
            put_adler32(set.bytes[0], at, 72);
            CAPTURE(type);
            CAPTURE(next);
            CHECK(set.is_malformed());
        }
    }
}

TEST_CASE("entries of a table that point elsewhere, overlap or change places are malformed") {
    Segments set(small_content());
    const std::string before = set.bytes[0];
    const auto entry = [&](std::size_t index) {
        return number_at(before, entry_at(before, index), 4);
    };
    const auto refuses = [&](std::size_t index, std::uint64_t value) {
        set.bytes[0] = before;
        put_entry(set.bytes[0], index, value);
        return set.is_malformed();
    };
    put_entry(set.bytes[0], 0, entry(0));
    CHECK(set.bytes[0] == before);
    CHECK(refuses(0, 0x80000000));    // before the sectors
    CHECK(refuses(0, entry(0) - 1));  // in the descriptor of the section
    CHECK(refuses(4, 0xffffffff));    // behind the file
    CHECK(refuses(4, 0x7fffffff));
    CHECK(refuses(4, (before.size() - 13) | 0x80000000));  // behind the sectors
    CHECK(refuses(2, entry(1)));                           // the same as another
    CHECK(refuses(2, entry(2) - 1));                       // overlaps it
    CHECK(refuses(1, entry(1) | 0x80000000));              // stored, said to be compressed
    CHECK(refuses(0, entry(0) & 0x7fffffff));              // and the other way round
    CHECK(refuses(2, entry(0)));
    set.bytes[0] = before;
    put_entry(set.bytes[0], 0, entry(2));
    put_entry(set.bytes[0], 2, entry(0));
    CHECK(set.is_malformed());
}

TEST_CASE("chunks behind 4 GiB of a segment are read") {
    constexpr std::uint64_t hole = 5 * gib;
    const Segments set(small_content());
    // Another section, of nothing, comes in front of the sectors.
    const std::size_t sectors = section(set.bytes[0], "sectors");
    std::string filler = set.bytes[0].substr(sectors, 76);
    filler.replace(0, 16, std::string("filler") + std::string(10, '\0'));
    put_number(filler, 16, 8, sectors + hole);
    put_adler32(filler, 0, 72);
    std::string rest = set.bytes[0].substr(sectors);
    for (std::size_t at = 0, next = 0;; at = next) {
        const std::uint64_t before = number_at(rest, at + 16, 8);
        next = before - sectors;
        const std::string type(rest.c_str() + at);
        put_number(rest, at + 16, 8, before + hole);
        put_adler32(rest, at, 72);
        if (type == "table") {
            put_number(rest, at + 76 + 8, 8, number_at(rest, at + 76 + 8, 8) + hole);
            put_adler32(rest, at + 76, 20);
        }
        if (next <= at) break;
    }
    File file = File::create_unnamed(set.folder.path());
    file.write(as_bytes(set.bytes[0]).first(sectors));
    file.write(as_bytes(filler));
    file.write_at(as_bytes(rest), sectors + hole);
    CHECK(medium_of({{&file, 0, file.size()}}) == small_content());
}

TEST_CASE("a good chunk inside another that is good is malformed") {
    const std::string packed = packed_zeros(32768);
    const std::string content = some_text(32768) +
                                noise(32768).replace(100, packed.size(), packed) +
                                some_text(32768 + 512);
    Segments set(content);
    const std::size_t outer = number_at(set.bytes[0], entry_at(set.bytes[0], 1), 4);
    put_entry(set.bytes[0], 2, (outer + 100) | 0x80000000);
    CHECK(set.is_malformed());
}

TEST_CASE("chunks are looked for among the sectors only, whatever their table starts from") {
    Segments set(small_content());
    const std::string before = set.bytes[0];
    const std::size_t table = section(before, "table") + 76;
    const auto count_from = [&](std::uint64_t base) {
        set.bytes[0] = before;
        put_number(set.bytes[0], table + 8, 8, base);
        put_adler32(set.bytes[0], table, 20);
        for (std::size_t i = 0; i < 5; ++i) {
            const std::uint64_t flag = number_at(before, entry_at(before, i), 4) & 0x80000000;
            put_entry(set.bytes[0], i, (chunk_at(before, i) - base) | flag);
        }
    };
    count_from(0);
    CHECK(set.medium() == small_content());
    // A good chunk that hides in a text.
    const std::size_t text = section(before, "header") + 76;
    put_entry(set.bytes[0], 0, text | 0x80000000);
    const std::string packed = packed_zeros(32768);
    set.bytes[0].replace(text, packed.size(), packed);
    CHECK(set.is_malformed());
    count_from(~std::uint64_t{0});  // right again after an overflow
    CHECK(set.is_malformed());
}

TEST_CASE("tables of a wrong length are malformed, and cost no memory") {
    Segments set(small_content());
    const std::string before = set.bytes[0];
    const std::size_t table = section(before, "table") + 76;
    for (const std::uint64_t count : {0ULL, 4ULL, 6ULL, 1ULL << 22, 0xffffffffULL}) {
        set.bytes[0] = before;
        put_number(set.bytes[0], table, 4, count);
        put_adler32(set.bytes[0], table, 20);
        if (count == 4) put_adler32(set.bytes[0], table + 24, 4 * count);
        CHECK(set.is_malformed());
    }
    for (const std::uint64_t base : {~std::uint64_t{0}, std::uint64_t{1} << 63, before.size()}) {
        set.bytes[0] = before;
        put_number(set.bytes[0], table + 8, 8, base);
        put_adler32(set.bytes[0], table, 20);
        CHECK(set.is_malformed());
    }
}

TEST_CASE("a medium that is longer or shorter than its chunks is malformed") {
    Segments set(small_content());
    const std::string before = set.bytes[0];
    const std::uint64_t sectors = number_at(before, section(before, "volume") + 76 + 16, 8);
    const auto refuses = [&](std::size_t at, std::size_t size, std::uint64_t value,
                             std::initializer_list<const char*> types = {"volume", "data"}) {
        set.bytes[0] = before;
        for (const char* type : types) {
            const std::size_t data = section(before, type) + 76;
            put_number(set.bytes[0], data + at, size, value);
            put_adler32(set.bytes[0], data, 1048);
        }
        return set.is_malformed();
    };
    for (const std::uint64_t other :
         {std::uint64_t{0}, std::uint64_t{1}, sectors - 1, sectors + 1, sectors - 10, sectors + 64,
          std::uint64_t{1} << 40, (std::uint64_t{1} << 55) + sectors, ~std::uint64_t{0}}) {
        CAPTURE(other);
        CHECK(refuses(16, 8, other));
    }
    CHECK(refuses(16, 8, sectors - 1, {"data"}));  // another medium than the volume section has
    CHECK(refuses(8, 4, 0));                       // sectors in a chunk
    CHECK(refuses(8, 4, 0xffffffff));
    CHECK(refuses(12, 4, 0));  // bytes in a sector
    CHECK(refuses(12, 4, 0xffffffff));
    set.bytes[0] = before;
    for (const char* type : {"volume", "data"}) {
        const std::size_t at = section(before, type);
        set.bytes[0][at] = 'x';
        put_adler32(set.bytes[0], at, 72);
    }
    CHECK(set.is_malformed());
}

TEST_CASE("a chunk that unpacks to more or less than it should is malformed, and named") {
    for (const std::size_t size : {0U, 100U, 32'767U, 32'769U, 40'000U}) {
        Segments set(small_content());
        put_chunk_of_zeros(set.bytes[0], 2, size);
        CAPTURE(size);
        CHECK(set.is_malformed());
        CHECK_THROWS_WITH_AS(set.medium(), doctest::Contains("medium from its byte 65536 on"),
                             Error);
    }
    // What stands behind its end is nobody's.
    Segments set(small_content());
    put_chunk_of_zeros(set.bytes[0], 2, 32'768);
    CHECK(set.medium() == std::string(small_content()).replace(65'536, 32'768, 32'768, '\0'));
}

TEST_CASE("the first chunk that is damaged is named, whoever comes to it first") {
    const std::string content = noise(20 << 20);
    Segments set(content, 2 * gib, EwfCompression::none);
    for (const std::size_t chunk : {600U, 301U, 300U}) {
        const std::size_t at = chunk_at(set.bytes[0], chunk);
        set.bytes[0][at + 5] = static_cast<char>(set.bytes[0][at + 5] ^ 1);
    }
    const std::string place = "byte " + std::to_string(300 * 32768) + " on";
    for (int i = 0; i < 5; ++i) {
        CHECK_THROWS_WITH_AS(set.medium(), doctest::Contains(place.c_str()), Error);
    }
    // And nothing but that comes from then on.
    write_file(set.folder / "damaged", set.bytes[0]);
    const File file = File::open_read(set.folder / "damaged");
    EwfMediumReader reader({{&file, 0, file.size()}});
    Bytes buffer(mib);
    for (int i = 0; i < 9; ++i) REQUIRE(reader.read(buffer) == buffer.size());
    for (int i = 0; i < 3; ++i) CHECK_THROWS_AS(reader.read(buffer), Error);
}

TEST_CASE("digests that contradict each other are malformed, zeros are none") {
    Segments set(small_content());
    const std::string before = set.bytes[0];
    const std::size_t hash = section(before, "hash") + 76, digest = section(before, "digest") + 76;
    set.bytes[0][hash] = static_cast<char>(before[hash] ^ 1);
    put_adler32(set.bytes[0], hash, 32);
    CHECK(set.is_malformed());
    set.bytes[0] = before;
    set.bytes[0].replace(digest + 16, 20, std::string(20, '\0'));
    put_adler32(set.bytes[0], digest, 76);
    write_file(set.folder / "image", set.bytes[0]);
    const File file = File::open_read(set.folder / "image");
    const DigestSet digests = EwfMediumReader({{&file, 0, file.size()}}).stored_digests();
    CHECK(digests.size() == 1);
    CHECK(digests.at(Algorithm::md5) == digests_of(small_content()).at(Algorithm::md5));
}
