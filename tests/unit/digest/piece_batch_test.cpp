#include "digest/piece_batch.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "base/broadcast.h"
#include "base/error.h"
#include "digest/crc32.h"

namespace evidence {
namespace {

// Random bytes with pieces of zeros, and of zeros but for one byte, here and there.
Bytes sample(std::size_t size) {
    std::mt19937_64 random(size);
    Bytes bytes(size);
    for (std::size_t at = 0; at < size; at += piece_bytes) {
        const std::size_t length = std::min<std::size_t>(piece_bytes, size - at);
        switch (at / piece_bytes % 4) {
            case 1:
                break;
            case 2:
                bytes[at + length - 1] = 1;
                break;
            case 3:
                bytes[at] = 1;
                break;
            default:
                for (std::size_t i = 0; i < length; ++i) {
                    bytes[at + i] = static_cast<std::uint8_t>(random());
                }
        }
    }
    return bytes;
}

struct Answers {
    std::vector<Sha256> digests;
    std::uint64_t count;
    Sha256 root;
    std::uint32_t crc32;
    bool operator==(const Answers&) const = default;
};

Answers hash_in_turn(ByteView bytes) {
    Answers answers{};
    PieceHasher hasher([&](const Sha256& piece) { answers.digests.push_back(piece); });
    hasher.update(bytes);
    hasher.finish();
    answers.count = hasher.count();
    answers.root = hasher.root();
    answers.crc32 = crc32(0, bytes);
    return answers;
}

Answers hash_in_batches(ByteView bytes, std::size_t batch, Sha256Engine engine) {
    Answers answers{};
    PieceBatchHasher hasher([&](const Sha256& piece) { answers.digests.push_back(piece); }, engine);
    std::vector<ByteView> pieces;
    for (std::size_t at = 0; at < bytes.size(); at += piece_bytes) {
        pieces.push_back(bytes.subspan(at, std::min<std::size_t>(piece_bytes, bytes.size() - at)));
        if (pieces.size() == batch) {
            hasher.update(pieces);
            pieces.clear();
        }
    }
    hasher.update(pieces);
    answers.count = hasher.count();
    answers.root = hasher.root();
    answers.crc32 = hasher.crc32();
    return answers;
}

}  // namespace

TEST_CASE("pieces in batches are the pieces one after another") {
    for (std::size_t size : {std::size_t{0}, std::size_t{1}, piece_bytes - 1, piece_bytes,
                             2 * piece_bytes, 4 * piece_bytes + 5, 19 * piece_bytes + 77}) {
        const Bytes bytes = sample(size);
        const Answers expected = hash_in_turn(bytes);
        for (Sha256Engine engine : usable_sha256_engines()) {
            for (std::size_t batch : {1, 3, 8, 16}) {
                CAPTURE(size);
                CAPTURE(batch);
                CAPTURE(std::string(name_of(engine)));
                CHECK(hash_in_batches(bytes, batch, engine) == expected);
            }
        }
    }
}

TEST_CASE("buffers of a broadcast are batches of pieces") {
    const Bytes bytes = sample(21 * piece_bytes + 5);
    const Answers expected = hash_in_turn(bytes);
    Answers answers{};
    PieceBatchHasher hasher([&](const Sha256& piece) { answers.digests.push_back(piece); });
    std::size_t position = 0;
    const BroadcastReader reader = [&](MutableByteView buffer) {
        const std::size_t count = std::min(buffer.size(), bytes.size() - position);
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(position), count, buffer.begin());
        position += count;
        return count;
    };
    broadcast(reader, {}, {},
              {{piece_batch_size(), [&](std::span<const ByteView> buffers, std::uint64_t) {
                    hasher.update(buffers);
                }}});
    answers.count = hasher.count();
    answers.root = hasher.root();
    answers.crc32 = hasher.crc32();
    CHECK(answers == expected);
}

TEST_CASE("pieces of a wrong size are refused") {
    const Bytes bytes(piece_bytes + 1);
    const ByteView whole = ByteView(bytes).first(piece_bytes);
    const ByteView part = whole.first(5);
    for (const std::vector<ByteView>& pieces :
         {std::vector<ByteView>{bytes}, {whole.first(0)}, {part, whole}, {part, part}}) {
        PieceBatchHasher hasher(nullptr);
        CHECK_THROWS_AS(hasher.update(pieces), Error);
    }
    PieceBatchHasher hasher(nullptr);
    hasher.update(std::vector<ByteView>{whole, part});
    CHECK_THROWS_AS(hasher.update(std::vector<ByteView>{whole}), Error);
}

}  // namespace evidence
