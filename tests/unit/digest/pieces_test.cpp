#include "digest/pieces.h"

#include <doctest/doctest.h>

namespace evidence {
namespace {

Bytes counted(std::size_t size) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::uint8_t>(i * 2654435761u >> 13);
    return bytes;
}

struct Pieces {
    std::vector<Sha256> digests;
    std::uint64_t count;
    Sha256 root;
};

Pieces hash_in_steps(ByteView bytes, std::size_t step) {
    Pieces pieces{};
    PieceHasher hasher([&](const Sha256& piece) { pieces.digests.push_back(piece); });
    for (std::size_t at = 0; at < bytes.size(); at += step) {
        hasher.update(bytes.subspan(at, std::min(step, bytes.size() - at)));
    }
    hasher.finish();
    pieces.count = hasher.count();
    pieces.root = hasher.root();
    return pieces;
}

}  // namespace

TEST_CASE("pieces are the digests of each MiB and of the rest, in any cut") {
    for (std::size_t size : {std::size_t{1}, piece_bytes - 1, piece_bytes, piece_bytes + 1,
                             2 * piece_bytes, 3 * piece_bytes + 77}) {
        const Bytes bytes = counted(size);
        std::vector<Sha256> expected;
        MerkleTree tree;
        for (std::size_t at = 0; at < size; at += piece_bytes) {
            const ByteView piece =
                ByteView(bytes).subspan(at, std::min<std::size_t>(piece_bytes, size - at));
            expected.push_back(sha256(piece));
            tree.add_leaf(merkle_leaf(expected.back()));
        }
        for (std::size_t step :
             {std::size_t{1000}, piece_bytes - 1, piece_bytes, piece_bytes + 1, 10 * piece_bytes}) {
            CAPTURE(size);
            CAPTURE(step);
            const Pieces pieces = hash_in_steps(bytes, step);
            CHECK(pieces.digests == expected);
            CHECK(pieces.count == expected.size());
            CHECK(pieces.root == tree.root());
        }
    }
}

TEST_CASE("nothing has no pieces") {
    const Pieces pieces = hash_in_steps({}, 1);
    CHECK(pieces.digests.empty());
    CHECK(pieces.count == 0);
    CHECK(pieces.root == sha256(std::string_view{}));
}

}  // namespace evidence
