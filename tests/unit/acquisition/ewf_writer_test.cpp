#include "acquisition/ewf_writer.h"

#include <doctest/doctest.h>
#include <sys/resource.h>

#include <csignal>

#include "acquisition/ewf_fixture.h"
#include "test_errors.h"

using namespace evidence;
using namespace evidence::test;

namespace {

std::optional<ErrorKind> refusal(const std::function<void(EwfOptions&)>& change) {
    EwfOptions options = example_options("/nowhere", 1 * mib);
    change(options);
    return kind_of_error([&] { check_ewf_options(options); });
}

}  // namespace

TEST_CASE("what goes into an E01 set comes out of it, with every compression") {
    const std::string content =
        noise(2 << 20) + std::string(3 << 20, '\0') + some_text(2 << 20) + noise(100 * 512);
    for (const EwfCompression compression :
         {EwfCompression::none, EwfCompression::fast, EwfCompression::best}) {
        TemporaryFolder folder;
        EwfOptions options = example_options(folder.path(), content.size());
        options.compression = compression;
        const std::vector<EwfSegment> segments = write_set(options, content);
        REQUIRE(segments.size() == 1);
        CHECK(segments[0].name == "image.E01");
        CHECK(segments[0].size_bytes == fs::file_size(folder / "image.E01"));
        // Zeros cost next to nothing, noise no more than itself.
        CHECK(segments[0].size_bytes < (compression == EwfCompression::none ? 43 : 28) * 100'000);
        EwfReader reader(folder / "image.E01");
        CHECK(reader.media_bytes() == content.size());
        CHECK(reader.segments() == segments);
        CHECK(read_all(reader) == content);
    }
}

TEST_CASE("an E01 set says what it is about, and keeps MD5 and SHA-1 of its content") {
    TemporaryFolder folder;
    const std::string content = some_text(512 * 77);
    write_set(example_options(folder.path(), content.size()), content);
    const EwfReader reader(folder / "image.E01");
    CHECK(reader.header() == example_header());
    DigestSet digests = digests_of(content);
    digests.erase(Algorithm::sha256);
    CHECK(reader.stored_digests() == digests);
    CHECK(reader.sector_bytes() == 512);
    CHECK(reader.unread().empty());
}

TEST_CASE("the same medium and description give the same E01 set") {
    const std::string content = noise(512 * 500);
    std::string sets[2];
    for (std::string& set : sets) {
        TemporaryFolder folder;
        EwfOptions options = example_options(folder.path(), content.size());
        options.workers = &set == sets ? 1 : 5;
        write_set(options, content);
        set = read_file(folder / "image.E01");
    }
    CHECK(sets[0] == sets[1]);
}

TEST_CASE("an E01 set may be cut into many files") {
    TemporaryFolder folder;
    const std::string content = noise(512 * 220'001);
    EwfOptions options = example_options(folder.path(), content.size());
    options.segment_bytes = 1 * mib;
    const std::vector<EwfSegment> segments = write_set(options, content);
    REQUIRE(segments.size() > 105);
    CHECK(segments[98].name == "image.E99");
    CHECK(segments[99].name == "image.EAA");
    CHECK(segments[100].name == "image.EAB");
    for (const EwfSegment& segment : segments) CHECK(segment.size_bytes <= options.segment_bytes);
    EwfReader reader(folder / "image.E01");
    CHECK(reader.segments() == segments);
    CHECK(read_all(reader, 1 << 20) == content);
}

TEST_CASE("sectors of 4096 bytes and media of one sector are held") {
    for (const unsigned sector_bytes : {512U, 1024U, 2048U, 4096U}) {
        for (const std::size_t sectors : {1U, 2U, 15U, 16U, 17U, 64U, 65U, 1001U}) {
            CAPTURE(sector_bytes);
            CAPTURE(sectors);
            TemporaryFolder folder;
            const std::string content = noise(sectors * sector_bytes);
            EwfOptions options = example_options(folder.path(), content.size());
            options.sector_bytes = sector_bytes;
            write_set(options, content);
            EwfReader reader(folder / "image.E01");
            CHECK(reader.sector_bytes() == sector_bytes);
            CHECK(read_all(reader, 1000) == content);
        }
    }
}

TEST_CASE("sectors that could not be read are kept in the E01 set") {
    TemporaryFolder folder;
    const std::string content(512 * 1000, '\0');
    BadRanges unread;
    unread.add({512 * 10, 512 * 8, EIO});
    unread.add({512 * 100, 512, EIO});
    unread.add({512 * 999, 512, EIO});
    write_set(example_options(folder.path(), content.size()), content, unread);
    CHECK(EwfReader(folder / "image.E01").unread().all() == unread.all());
}

TEST_CASE("many thousand unread places are kept in the E01 set") {
    TemporaryFolder folder;
    const std::string content(64 << 20, '\0');
    BadRanges unread;
    for (std::uint64_t i = 0; i < 50'000; ++i) unread.add({i * 1024, 512, EIO});
    write_set(example_options(folder.path(), content.size()), content, unread);
    CHECK(EwfReader(folder / "image.E01").unread().all() == unread.all());
}

TEST_CASE("what E01 cannot hold is refused beforehand") {
    CHECK(!refusal([](EwfOptions&) {}));
    CHECK(refusal([](auto& o) { o.media_bytes = 0; }) == ErrorKind::unsupported);
    CHECK(refusal([](auto& o) { o.media_bytes = 1500; }) == ErrorKind::unsupported);
    CHECK(refusal([](auto& o) { o.media_bytes += 512, o.sector_bytes = 1024; }) ==
          ErrorKind::unsupported);
    CHECK(refusal([](auto& o) { o.media_bytes = 2048 * 1024 * gib; }) == ErrorKind::unsupported);
    for (const unsigned sector : {0U, 1U, 256U, 520U, 8192U}) {
        CHECK(refusal([=](auto& o) { o.sector_bytes = sector; }) == ErrorKind::unsupported);
    }
    CHECK(refusal([](auto& o) { o.segment_bytes = 1 * mib - 1; }) == ErrorKind::usage);
    CHECK(refusal([](auto& o) { o.segment_bytes = 0; }) == ErrorKind::usage);
    CHECK(refusal([](auto& o) { o.segment_bytes = 1 * mib, o.media_bytes = 15 * gib; }) ==
          ErrorKind::usage);
    CHECK(!refusal([](auto& o) { o.segment_bytes = 2 * gib, o.media_bytes = 9 * 1024 * gib; }));
    CHECK(refusal([](auto& o) { o.segment_bytes = 2 * gib, o.media_bytes = 20 * 1024 * gib; }) ==
          ErrorKind::usage);  // more files than a record may list
}

TEST_CASE("what the header of an E01 set cannot hold is refused beforehand") {
    for (const std::string& wrong :
         {std::string("two\nlines"), std::string("a\ttab"), std::string("a\rreturn"),
          std::string("zero\0byte", 9), std::string("\x1b[31m"), std::string("\xff"),
          std::string("\xef\xbb\xbfx"), std::string(max_ewf_value_bytes + 1, 'x')}) {
        for (const EwfHeaderField& field : ewf_header_fields) {
            CHECK(refusal([&](auto& o) { o.header.*field.value = wrong; }) == ErrorKind::usage);
        }
    }
    CHECK(refusal([](auto& o) { o.header.acquired_at = UtcTime::from_seconds(-1); }) ==
          ErrorKind::usage);
    CHECK(refusal([](auto& o) { o.header.acquired_at = UtcTime::from_seconds(1LL << 32); }) ==
          ErrorKind::usage);
}

TEST_CASE("the longest header fields come out as they went in, and absent ones absent") {
    const std::string content(512, 'x');
    for (const std::string& value :
         {std::string(max_ewf_value_bytes, 'y'), std::string(), std::string(" spaces "),
          std::string("0"), std::string("x\xef\xbb\xbf"), std::string("\xc3\xa9")}) {
        TemporaryFolder folder;
        EwfOptions options = example_options(folder.path(), content.size());
        for (const EwfHeaderField& field : ewf_header_fields) options.header.*field.value = value;
        write_set(options, content);
        CHECK(EwfReader(folder / "image.E01").header() == options.header);
    }
}

TEST_CASE("a medium that is shorter or longer than it was is an error") {
    TemporaryFolder folder;
    const std::string content = noise(512 * 100);
    EwfWriter writer(example_options(folder.path(), content.size()));
    CHECK(kind_of_error([&] { writer.finish({}, {}); }) == ErrorKind::io);
    const ByteView part = as_bytes(content).first(32768);
    CHECK(kind_of_error([&] { writer.write({&part, 1}, 32768); }) == ErrorKind::io);
    write_content(writer, content);
    const ByteView more = as_bytes(content);
    CHECK(kind_of_error([&] { writer.write({&more, 1}, content.size()); }) == ErrorKind::io);
    CHECK(kind_of_error([&] { writer.write({&more, 1}, 0); }) == ErrorKind::io);
    CHECK_NOTHROW(writer.finish(digests_of(content), {}));
}

TEST_CASE("an E01 set that is there is never written over") {
    TemporaryFolder folder;
    const std::string content = noise(512);
    const EwfOptions options = example_options(folder.path(), content.size());
    write_set(options, content);
    const std::string before = read_file(folder / "image.E01");
    CHECK(kind_of_error([&] { write_set(options, content); }) == ErrorKind::exists);
    CHECK(read_file(folder / "image.E01") == before);
    for (const char* name : {"image.E02", "image.EAA", "image.ZZZ"}) {
        fs::rename(folder / "image.E01", folder / name);
        CHECK(kind_of_error([&] { write_set(options, content); }) == ErrorKind::exists);
        fs::rename(folder / name, folder / "image.E01");
    }
}

TEST_CASE("a write that fails is an error, and says why") {
    TemporaryFolder folder;
    const std::string content = noise(8 << 20);
    struct rlimit before {};
    REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
    const auto handler = std::signal(SIGXFSZ, SIG_IGN);
    for (const rlim_t limit : {rlim_t{100}, rlim_t{3'000'001}, rlim_t{8 << 20}}) {
        CAPTURE(limit);
        TemporaryFolder place;
        const struct rlimit small { limit, before.rlim_max };
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
        std::string message;
        try {
            write_set(example_options(place.path(), content.size()), content);
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::io);
            message = error.message();
        }
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
        CHECK(message.find("cannot ") == 0);
        CHECK(message.find("image.E01") != std::string::npos);
    }
    std::signal(SIGXFSZ, handler);
}

TEST_CASE("only sectors with numbers of 32 bits can be named as unread") {
    constexpr std::uint64_t last = std::uint64_t{512} << 32;
    BadRanges unread;
    unread.add({1024, 512, 5});
    unread.add({last - 512, 512, 5});
    unread.add({last + 4096, 512, 5});
    const BadRanges named = ewf_nameable(unread, 512);
    REQUIRE(named.all().size() == 2);
    CHECK(named.all()[1].end() == last);
    CHECK(ewf_nameable(unread, 4096).all().size() == 3);
}
