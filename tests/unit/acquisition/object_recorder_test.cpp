#include "acquisition/object_recorder.h"

#include <doctest/doctest.h>

#include "acquisition/acquire_fixture.h"
#include "acquisition/read_back.h"
#include "digest/crc32.h"

using namespace evidence;
using namespace evidence::test;

namespace {

ObjectFacts record_object(const fs::path& folder, std::string_view content,
                          std::optional<std::uint64_t> preallocate = {}) {
    ObjectRecorder recorder(folder, ItemKind::image, {Algorithm::sha256, Algorithm::md5},
                            preallocate);
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
    CHECK_NOTHROW(read_back(folder.path(), ItemKind::image, facts, context));
    for (const std::uint64_t at :
         {std::uint64_t{0}, std::uint64_t{(7 << 20) + 5}, std::uint64_t{content.size() - 1}}) {
        {
            File file =
                File::adopt(::open((folder / "image.img").c_str(), O_RDWR | O_CLOEXEC), "image");
            const char flipped = static_cast<char>(content[at] ^ 1);
            file.write_at(as_bytes({&flipped, 1}), at);
        }
        CHECK_THROWS_WITH_AS(
            read_back(folder.path(), ItemKind::image, facts, context),
            doctest::Contains(("piece " + std::to_string(at >> 20) + " at byte").c_str()), Error);
        File file =
            File::adopt(::open((folder / "image.img").c_str(), O_RDWR | O_CLOEXEC), "image");
        file.write_at(as_bytes({&content[at], 1}), at);
    }
    CHECK_NOTHROW(read_back(folder.path(), ItemKind::image, facts, context));
}

TEST_CASE("reading back finds lost holes, cut and grown objects") {
    TestContext context;
    TemporaryFolder folder;
    const ObjectFacts facts = record_object(folder.path(), std::string(5 << 20, '\0') + "end");
    const fs::path object = folder / "image.img";
    CHECK_NOTHROW(read_back(folder.path(), ItemKind::image, facts, context));
    REQUIRE(::truncate(object.c_str(), 5 << 20) == 0);
    CHECK_THROWS_AS(read_back(folder.path(), ItemKind::image, facts, context), Error);
    REQUIRE(::truncate(object.c_str(), (5 << 20) + 4) == 0);
    CHECK_THROWS_AS(read_back(folder.path(), ItemKind::image, facts, context), Error);
}

TEST_CASE("an object of one piece is read back by its whole digest") {
    TestContext context;
    for (const std::string& content : {std::string(), std::string("x"), noise(1 << 20)}) {
        TemporaryFolder folder;
        const ObjectFacts facts = record_object(folder.path(), content);
        CHECK_NOTHROW(read_back(folder.path(), ItemKind::image, facts, context));
        if (content.empty()) continue;
        const File file =
            File::adopt(::open((folder / "image.img").c_str(), O_WRONLY | O_CLOEXEC), "image");
        REQUIRE(::pwrite(file.fd(), "!", 1, 0) == 1);
        CHECK_THROWS_AS(read_back(folder.path(), ItemKind::image, facts, context), Error);
    }
}

TEST_CASE("reading back can be interrupted") {
    TestContext context;
    TemporaryFolder folder;
    const ObjectFacts facts = record_object(folder.path(), noise(5 << 20));
    context.interrupted = true;
    try {
        read_back(folder.path(), ItemKind::image, facts, context);
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
