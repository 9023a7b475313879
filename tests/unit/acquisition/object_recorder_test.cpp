#include "acquisition/object_recorder.h"

#include <doctest/doctest.h>

#include "acquisition/acquire_fixture.h"
#include "acquisition/read_back.h"
#include "digest/crc32.h"

using namespace evidence;
using namespace evidence::test;

namespace {

bool allows_direct_reading(const fs::path& folder) {
    const fs::path file = folder / "probe";
    write_file(file, "x");
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECT);
    if (fd >= 0) ::close(fd);
    return fd >= 0;
}

ObjectRecorder::Plan plan_for(const fs::path& folder) {
    ObjectRecorder::Plan plan;
    plan.folder = folder;
    plan.layout.kind = ItemKind::image;
    plan.algorithms = {Algorithm::sha256, Algorithm::md5};
    return plan;
}

ObjectFacts record(ObjectRecorder& recorder, std::string_view content) {
    std::size_t at = 0;
    const std::uint64_t size = broadcast(
        [&](MutableByteView buffer) {
            const std::size_t count = std::min(buffer.size(), content.size() - at);
            std::copy_n(content.begin() + static_cast<std::ptrdiff_t>(at), count, buffer.begin());
            at += count;
            return count;
        },
        recorder.consumers(), {}, recorder.batch_consumers());
    return recorder.finish(size);
}

ObjectFacts record_object(const fs::path& folder, std::string_view content,
                          std::optional<std::uint64_t> preallocate = {}) {
    ObjectRecorder::Plan plan = plan_for(folder);
    plan.preallocate_bytes = preallocate;
    ObjectRecorder recorder(plan);
    return record(recorder, content);
}

void read_back_all(const fs::path& folder, const ObjectFacts& facts, const Context& context,
                   std::uint64_t from_bytes = 0) {
    read_back({folder,
               {ItemKind::image, {}},
               facts.size_bytes,
               folder / "pieces.txt",
               facts.pieces_root ? "" : facts.digests.at(Algorithm::sha256),
               from_bytes},
              context);
}

}  // namespace

TEST_CASE("preallocated, sparse and plain objects have the same bytes") {
    std::string content = noise(6 << 20) + std::string(40 << 20, '\0') + noise(1234);
    for (const std::optional<std::uint64_t> size :
         {std::optional<std::uint64_t>{}, std::optional<std::uint64_t>{content.size()},
          std::optional<std::uint64_t>{1}, std::optional<std::uint64_t>{content.size() * 2}}) {
        TemporaryFolder folder;
        const ObjectFacts facts = record_object(folder.path(), content, size);
        CHECK(read_file(folder / "image.img") == content);
        CHECK(facts.size_bytes == content.size());
        CHECK(facts.digests.at(Algorithm::sha256) == sha256_hex(content));
        CHECK(facts.crc32 == crc32(0, as_bytes(content)));
        struct stat status {};
        REQUIRE(::stat((folder / "image.img").c_str(), &status) == 0);
        CHECK(status.st_blocks * 512 < 12 << 20);
    }
}

TEST_CASE("reading back finds a single changed bit and names its piece") {
    TestContext context;
    TemporaryFolder folder;
    const std::string content = noise((21 << 20) + 100);
    const ObjectFacts facts = record_object(folder.path(), content);
    CHECK_NOTHROW(read_back_all(folder.path(), facts, context));
    for (const std::uint64_t at :
         {std::uint64_t{0}, std::uint64_t{(7 << 20) + 5}, std::uint64_t{content.size() - 1}}) {
        {
            File file =
                File::adopt(::open((folder / "image.img").c_str(), O_RDWR | O_CLOEXEC), "image");
            const char flipped = static_cast<char>(content[at] ^ 1);
            file.write_at(as_bytes({&flipped, 1}), at);
        }
        CHECK_THROWS_WITH_AS(
            read_back_all(folder.path(), facts, context),
            doctest::Contains(("piece " + std::to_string(at >> 20) + " at byte").c_str()), Error);
        File file =
            File::adopt(::open((folder / "image.img").c_str(), O_RDWR | O_CLOEXEC), "image");
        file.write_at(as_bytes({&content[at], 1}), at);
    }
    CHECK_NOTHROW(read_back_all(folder.path(), facts, context));
}

TEST_CASE("reading back finds lost holes, cut and grown objects") {
    TestContext context;
    TemporaryFolder folder;
    const ObjectFacts facts = record_object(folder.path(), std::string(5 << 20, '\0') + "end");
    const fs::path object = folder / "image.img";
    CHECK_NOTHROW(read_back_all(folder.path(), facts, context));
    REQUIRE(::truncate(object.c_str(), 5 << 20) == 0);
    CHECK_THROWS_AS(read_back_all(folder.path(), facts, context), Error);
    REQUIRE(::truncate(object.c_str(), (5 << 20) + 4) == 0);
    CHECK_THROWS_AS(read_back_all(folder.path(), facts, context), Error);
}

TEST_CASE("an object of one piece is read back by its whole digest") {
    TestContext context;
    for (const std::string& content : {std::string(), std::string("x"), noise(1 << 20)}) {
        TemporaryFolder folder;
        const ObjectFacts facts = record_object(folder.path(), content);
        CHECK_NOTHROW(read_back_all(folder.path(), facts, context));
        if (content.empty()) continue;
        const File file =
            File::adopt(::open((folder / "image.img").c_str(), O_WRONLY | O_CLOEXEC), "image");
        REQUIRE(::pwrite(file.fd(), "!", 1, 0) == 1);
        CHECK_THROWS_AS(read_back_all(folder.path(), facts, context), Error);
    }
}

TEST_CASE("reading back can be interrupted") {
    TestContext context;
    TemporaryFolder folder;
    const ObjectFacts facts = record_object(folder.path(), noise(5 << 20));
    context.interrupted = true;
    try {
        read_back_all(folder.path(), facts, context);
        FAIL("went on");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::interrupted);
    }
}

TEST_CASE("zeros are counted in sectors, runs across buffers are one") {
    TemporaryFolder folder;
    std::string content(4 << 20, '\0');
    content[1000] = 'x';             // sector 1
    content[(2 << 20) + 512] = 'x';  // sector 4097
    const ObjectFacts facts = record_object(folder.path(), content + std::string(100, '\0'));
    CHECK(facts.zeros.zero_bytes == (4 << 20) + 100 - 1024);
    CHECK(facts.zeros.runs == 3);
    CHECK(facts.zeros.longest_bytes == (2 << 20) - 512);
}

TEST_CASE("what was written is compared behind the writer, but for the last short piece") {
    TestContext context;
    TemporaryFolder folder;
    const std::string content = noise((9 << 20) + 100);
    ReadBehind behind(folder.path(), {ItemKind::image, {}}, 0);
    write_file(folder / "image.img", content);
    const ByteView bytes = as_bytes(content);
    std::vector<ByteView> buffers;
    for (std::size_t i = 0; i < 10; ++i) {
        buffers.push_back(
            bytes.subspan(i << 20, std::min<std::size_t>(mib, bytes.size() - (i << 20))));
    }
    const std::span<const ByteView> all(buffers);
    behind.compare(all.first(4), 0);
    if (behind.compared_bytes() == 0) {
        MESSAGE("skipped: this file system has no O_DIRECT");
        return;
    }
    behind.compare(all.subspan(4, 4), 4 * mib);
    behind.compare(all.subspan(8), 8 * mib);
    CHECK(behind.compared_bytes() == 9 * mib);
}

TEST_CASE("a piece that the disk does not give back is named while the rest is still written") {
    TemporaryFolder folder;
    std::string content = noise(4 << 20);
    ReadBehind behind(folder.path(), {ItemKind::image, mib * 2}, 0);
    write_file(folder / "image.000", content.substr(0, 2 << 20));
    write_file(folder / "image.001", content.substr(2 << 20));
    content[(3 << 20) + 17] ^= 1;
    const ByteView bytes = as_bytes(content);
    const std::vector<ByteView> buffers = {bytes.subspan(0, mib), bytes.subspan(mib, mib),
                                           bytes.subspan(2 * mib, mib), bytes.subspan(3 * mib)};
    try {
        behind.compare(buffers, 0);
        CHECK_MESSAGE(behind.compared_bytes() == 0, "only without O_DIRECT");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::io);
        CHECK(error.message().find("image.001 (piece 3 at byte 3145728") != std::string::npos);
    }
}

TEST_CASE("segments are as long as asked, have digests of their own, and are the object") {
    TestContext context;
    const std::string content = noise((7 << 20) + 5);
    TemporaryFolder folder, second;
    ObjectRecorder::Plan plan = plan_for(folder.path());
    plan.second_folder = second.path();
    plan.layout.segment_bytes = 3 * mib;
    plan.preallocate_bytes = content.size();
    ObjectRecorder recorder(plan);
    const ObjectFacts facts = record(recorder, content);
    CHECK_NOTHROW(recorder.read_back(facts, context));
    REQUIRE(facts.segments.size() == 3);
    for (const fs::path& place : {folder.path(), second.path()}) {
        std::string joined;
        for (std::size_t i = 0; i < 3; ++i) {
            const std::string part = read_file(place / segment_file_name(ItemKind::image, i));
            CHECK(part.size() == facts.segments[i].size_bytes);
            CHECK(sha256_hex(part) == facts.segments[i].digests.at(Algorithm::sha256));
            CHECK(crc32(0, as_bytes(part)) == facts.segments[i].crc32);
            joined += part;
        }
        CHECK(joined == content);
        CHECK_FALSE(fs::exists(place / "image.003"));
    }
    CHECK(facts.digests.at(Algorithm::sha256) == sha256_hex(content));
    CHECK(facts.segments[0].size_bytes == 3 << 20);
    CHECK(facts.segments[0].pieces_root);
    CHECK(facts.segments[0].pieces_root != facts.segments[1].pieces_root);
    CHECK(facts.segments[2].size_bytes == (1 << 20) + 5);
    // The second copy is compared as well.
    File file = File::adopt(::open((second / "image.002").c_str(), O_RDWR | O_CLOEXEC), "image");
    file.write_at(as_bytes(std::string_view("!!")), mib + 2);
    CHECK_THROWS_WITH_AS(recorder.read_back(facts, context), doctest::Contains("image.002"), Error);
}

TEST_CASE("segments are gone on with where they ended, also at a boundary") {
    TestContext context;
    const std::string content = noise(6 << 20);
    for (const std::uint64_t kept : {1 * mib, 2 * mib, 3 * mib, 4 * mib, 5 * mib}) {
        CAPTURE(kept);
        TemporaryFolder folder;
        ObjectRecorder::Plan plan = plan_for(folder.path());
        plan.layout.segment_bytes = 2 * mib;
        for (std::uint64_t i = 0; i * 2 * mib < content.size(); ++i) {
            // What lies behind is of an earlier acquisition and no more believed.
            const std::uint64_t start = i * 2 * mib,
                                good = std::clamp(kept, start, start + 2 * mib) - start;
            write_file(
                folder / segment_file_name(ItemKind::image, i),
                content.substr(start, good) + std::string(start < kept ? 2 * mib - good : 99, '?'));
        }
        plan.keep_bytes = kept;
        ObjectRecorder recorder(plan);
        CHECK(recorder.durable_bytes() == 0);  // the pieces are hashed anew
        const ObjectFacts facts = record(recorder, content);
        CHECK_NOTHROW(recorder.read_back(facts, context));
        std::string joined;
        for (std::size_t i = 0; i < 3; ++i) {
            joined += read_file(folder / segment_file_name(ItemKind::image, i));
        }
        CHECK(joined == content);
    }
}

TEST_CASE("what counts as durable is in the file, also when it ends in a hole") {
    TemporaryFolder folder;
    SegmentedWriter writer({folder.path(), {ItemKind::image, {}}, {}, 0, mib});
    const std::string content = noise(1 << 20) + std::string(2 << 20, '\0');
    const ByteView bytes = as_bytes(content);
    const std::vector<ByteView> buffers = {bytes.first(mib), bytes.subspan(mib, mib),
                                           bytes.subspan(2 * mib)};
    writer.write(buffers, 0);
    CHECK(writer.durable_bytes() == 3 * mib);
    CHECK(fs::file_size(folder / "image.img") == 3 * mib);
    writer.finish(3 * mib);
    CHECK(read_file(folder / "image.img") == content);
}

TEST_CASE("a segment that cannot be made leaves those before it to be gone on with") {
    TemporaryFolder folder;
    fs::create_directory(folder / "image.001");
    SegmentedWriter writer({folder.path(), {ItemKind::image, 2 * mib}, {}, 0, mib});
    const std::string content = noise(3 << 20);
    const ByteView bytes = as_bytes(content);
    const std::vector<ByteView> buffers = {bytes.first(mib), bytes.subspan(mib, mib),
                                           bytes.subspan(2 * mib)};
    CHECK_THROWS_WITH_AS(writer.write(buffers, 0), doctest::Contains("image.001"), Error);
    CHECK_NOTHROW(writer.salvage());
    CHECK(writer.durable_bytes() == 2 * mib);
    CHECK(read_file(folder / "image.000") == content.substr(0, 2 << 20));
}

TEST_CASE("almost nothing is left to be read back at the end") {
    TestContext test;
    HookedProgress progress;
    const Context context{test.clock, test.random, progress, test.interrupted, test.scratch.path()};
    TemporaryFolder folder;
    if (!allows_direct_reading(folder.path())) {
        MESSAGE("skipped: this file system has no O_DIRECT");
        return;
    }
    ObjectRecorder recorder(plan_for(folder.path()));
    const ObjectFacts facts = record(recorder, noise((40 << 20) + 7));
    recorder.read_back(facts, context);
    CHECK(progress.total_bytes == 7);
}

TEST_CASE("an object that is finished is durable up to its last whole piece") {
    for (const std::optional<std::uint64_t> segment :
         {std::optional<std::uint64_t>{}, std::optional<std::uint64_t>{2 * mib}}) {
        TemporaryFolder folder;
        ObjectRecorder::Plan plan = plan_for(folder.path());
        plan.layout.segment_bytes = segment;
        plan.checkpoint_bytes = gib;
        ObjectRecorder recorder(plan);
        record(recorder, noise(5 * mib + 77));
        CHECK(recorder.durable_bytes() == 5 * mib);
    }
}
