// The hash tree of RFC 6962 section 2.1, computed over a stream of leaves with memory for one hash
// per level: leaf = SHA-256(0x00 || input), node = SHA-256(0x01 || left || right).
#pragma once

#include <vector>

#include "base/bytes.h"
#include "digest/digest.h"

namespace evidence {

Sha256 merkle_leaf(ByteView input);
Sha256 merkle_node(const Sha256& left, const Sha256& right);

class MerkleTree {
public:
    void add_leaf(const Sha256& leaf_hash);
    std::uint64_t size() const { return size_; }
    // The root of the leaves so far; of none, SHA-256 of nothing (RFC 6962).
    Sha256 root() const;

private:
    std::vector<Sha256> full_subtrees_;  // of strictly falling size, left to right
    std::uint64_t size_ = 0;
};

}  // namespace evidence
