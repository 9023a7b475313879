// SHA-256 of every 1 MiB piece of an object: what names a damaged range and lets many cores check
// one image. pieces_root is the RFC 6962 root whose leaf inputs are the raw piece digests.
#pragma once

#include <functional>
#include <string>

#include "digest/merkle_tree.h"

namespace evidence {

inline constexpr std::uint64_t piece_bytes = mib;

// Takes bytes in any cut and hands out a digest for each 1 MiB and one for the shorter rest.
class PieceHasher {
public:
    using Sink = std::function<void(const Sha256& piece)>;
    explicit PieceHasher(Sink sink);

    void update(ByteView bytes);
    // Flushes the last piece; to be called once at the end.
    void finish();
    std::uint64_t count() const { return tree_.size(); }
    Sha256 root() const { return tree_.root(); }

private:
    void emit();
    Sink sink_;
    Hasher hasher_{Algorithm::sha256};
    std::uint64_t in_piece_ = 0;
    MerkleTree tree_;
};

}  // namespace evidence
