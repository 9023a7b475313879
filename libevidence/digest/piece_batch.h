// The digests of pieces.h for whole pieces that are at hand several at a time, and the CRC-32 of
// the object: the same answers as PieceHasher and crc32() for a fraction of the time, because
// independent pieces are hashed side by side (sha256_lanes.h). As a consumer of base/broadcast.h,
// whose buffers are pieces:
//
//     PieceBatchHasher pieces([&](const Sha256& piece) { list.add(piece); });
//     broadcast(reader, {..}, {}, {{piece_batch_size(), [&](auto buffers, auto) {
//                   pieces.update(buffers);
//               }}});
//     .. pieces.count(), pieces.root(), pieces.crc32()
//
// A piece of zeros, common in images of disks, is recognised rather than hashed.
//
// Thread rule: belongs to one thread at a time.
#pragma once

#include <span>

#include "digest/pieces.h"
#include "digest/sha256_lanes.h"

namespace evidence {

// How many pieces at a time serve the engine well: 8 or 16.
std::size_t piece_batch_size();

// SHA-256 of 1 MiB of zeros.
const Sha256& digest_of_zero_piece();

// digests[i] becomes the SHA-256 of pieces[i], in any order of sizes.
void hash_pieces(std::span<const ByteView> pieces, std::vector<Sha256>& digests,
                 Sha256Engine engine = engine_in_use());

class PieceBatchHasher {
public:
    explicit PieceBatchHasher(PieceHasher::Sink sink, Sha256Engine engine = engine_in_use());

    // The next pieces of the object, in order; each is 1 MiB, the very last may be shorter. There
    // is nothing to finish. Error(usage) for a piece of another size or after the last.
    void update(std::span<const ByteView> pieces);
    std::uint64_t count() const { return tree_.size(); }
    Sha256 root() const { return tree_.root(); }
    std::uint32_t crc32() const { return crc32_; }

private:
    void check_size(ByteView piece);

    PieceHasher::Sink sink_;
    Sha256Engine engine_;
    bool ended_ = false;
    std::uint32_t crc32_ = 0;
    MerkleTree tree_;
    std::vector<Sha256> digests_;  // of the batch
};

}  // namespace evidence
