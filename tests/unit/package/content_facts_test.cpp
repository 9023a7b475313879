#include "package/content_facts.h"

#include <doctest/doctest.h>

#include "digest/crc32.h"
#include "test_context.h"

using namespace evidence;
using namespace evidence::test;

TEST_CASE("a spool measures what it writes, however it is cut") {
    TemporaryFolder scratch;
    Spool spool(scratch.path());
    std::string whole;
    for (int i = 0; i < 100'000; ++i) {
        const std::string line = std::to_string(i) + "\n";
        spool.write(line);
        whole += line;
    }
    spool.finish();
    CHECK(spool.facts().size == whole.size());
    CHECK(spool.facts().crc32 == crc32(0, as_bytes(whole)));
    CHECK(spool.facts().sha256 == sha256(whole));
    CHECK(measure(spool.file()) == spool.facts());
    CHECK(fs::is_empty(scratch.path()));
}

TEST_CASE("parts of a file are visited in order, as far as there are any") {
    TemporaryFolder scratch;
    File file = File::create_unnamed(scratch.path());
    file.write(as_bytes("0123456789"));
    const auto visited = [&](std::uint64_t offset, std::uint64_t size) {
        std::string text;
        visit_content(file, offset, size, [&](ByteView bytes) { text += as_text(bytes); });
        return text;
    };
    CHECK(visited(0, 10) == "0123456789");
    CHECK(visited(3, 4) == "3456");
    CHECK(visited(8, 100) == "89");
    CHECK(visited(50, 10).empty());
    CHECK(visited(0, 0).empty());
}
