#include "digest/piece_sweep.h"

#include <doctest/doctest.h>

#include <atomic>
#include <cstring>

#include "base/error.h"
#include "test_context.h"

using namespace evidence;
using test::TestContext;

namespace {

// Every 8 bytes hold their own position, so that no two pieces are alike; every third piece is of
// zeros, some of them but for their last bytes.
void fill(MutableByteView buffer, std::uint64_t offset) {
    const std::uint64_t piece = offset / piece_bytes;
    std::fill(buffer.begin(), buffer.end(), std::uint8_t{0});
    const std::uint64_t in_piece = offset % piece_bytes;
    if (piece % 3 == 2) {
        const bool ends_here = in_piece + buffer.size() == piece_bytes;
        if (piece % 2 == 1 && ends_here) buffer.back() = 1;
        return;
    }
    for (std::size_t i = 0; i + 8 <= buffer.size(); i += 8) {
        const std::uint64_t position = offset + i;
        std::memcpy(buffer.data() + i, &position, 8);
    }
    for (std::size_t i = buffer.size() / 8 * 8; i < buffer.size(); ++i) buffer[i] = 7;
}

PieceSource source_of(std::uint64_t size) {
    return {[size](MutableByteView buffer, std::uint64_t offset) {
        if (offset >= size) return std::size_t{0};
        const auto count =
            static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size - offset));
        fill(buffer.first(count), offset);
        return count;
    }};
}

std::vector<Sha256> one_by_one(std::uint64_t size) {
    std::vector<Sha256> digests;
    Bytes piece(piece_bytes);
    for (std::uint64_t at = 0; at < size; at += piece_bytes) {
        const MutableByteView bytes = MutableByteView(piece).first(
            static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, size - at)));
        fill(bytes, at);
        digests.push_back(sha256(ByteView(bytes)));
    }
    return digests;
}

class CountingProgress : public test::SilentProgress {
public:
    std::uint64_t bytes = 0;
    void advance(std::uint64_t more) override { bytes += more; }
};

}  // namespace

TEST_CASE("a sweep hands out every piece's digest in order, whatever the size") {
    TestContext test;
    CountingProgress progress;
    const Context context{test.clock, test.random, progress, test.interrupted, test.scratch.path()};
    for (const std::uint64_t size :
         {std::uint64_t{0}, std::uint64_t{1}, piece_bytes, piece_bytes + 1, 31 * piece_bytes - 5,
          32 * piece_bytes, 100 * piece_bytes + 4096}) {
        CAPTURE(size);
        progress.bytes = 0;
        std::vector<Sha256> digests;
        const std::uint64_t found = sweep_pieces(
            size, source_of(size), [&](const Sha256& digest) { digests.push_back(digest); },
            context);
        CHECK(found == size);
        CHECK(progress.bytes == size);
        CHECK(digests == one_by_one(size));
    }
}

TEST_CASE("a source that ends before has digests only of what is there") {
    TestContext context;
    const std::uint64_t there = 40 * piece_bytes + 3;
    std::vector<Sha256> digests;
    const std::uint64_t found = sweep_pieces(
        200 * piece_bytes, source_of(there),
        [&](const Sha256& digest) { digests.push_back(digest); }, context);
    CHECK(found == there);
    CHECK(digests == one_by_one(there));
}

TEST_CASE("what a source, a sink or the user says ends a sweep") {
    TestContext context;
    const std::uint64_t size = 300 * piece_bytes;
    const PieceHasher::Sink no_sink = [](const Sha256&) {};
    const PieceSource broken = {[&](MutableByteView buffer, std::uint64_t offset) {
        if (offset > size / 2) throw Error(ErrorKind::io, "unreadable");
        return source_of(size).read(buffer, offset);
    }};
    CHECK_THROWS_WITH(sweep_pieces(size, broken, no_sink, context), "unreadable");

    std::atomic<std::uint64_t> read = 0;
    const PieceSource counted = {[&](MutableByteView buffer, std::uint64_t offset) {
        read += buffer.size();
        return source_of(100 * size).read(buffer, offset);
    }};
    const PieceHasher::Sink refusing = [](const Sha256&) {
        throw Error(ErrorKind::refused, "enough");
    };
    CHECK_THROWS_WITH(sweep_pieces(100 * size, counted, refusing, context), "enough");
    CHECK(read < 100 * size);

    context.interrupted = true;
    CHECK_THROWS_AS(sweep_pieces(size, source_of(size), no_sink, context), Error);
}
