#include "digest/merkle_tree.h"

#include <algorithm>

namespace evidence {
namespace {

constexpr std::uint8_t leaf_prefix = 0x00;
constexpr std::uint8_t node_prefix = 0x01;

}  // namespace

Sha256 merkle_leaf(ByteView input) {
    thread_local Hasher hasher(Algorithm::sha256);
    hasher.update({&leaf_prefix, 1});
    hasher.update(input);
    return hasher.finish_sha256();
}

Sha256 merkle_node(const Sha256& left, const Sha256& right) {
    std::array<std::uint8_t, 1 + 2 * std::tuple_size_v<Sha256>> bytes{node_prefix};
    std::copy(left.begin(), left.end(), bytes.begin() + 1);
    std::copy(right.begin(), right.end(), bytes.begin() + 1 + left.size());
    return sha256(bytes);
}

// The sizes of the full subtrees are the binary digits of size_: adding a leaf is adding one, and
// every carry joins two subtrees of equal size.
void MerkleTree::add_leaf(const Sha256& leaf_hash) {
    Sha256 hash = leaf_hash;
    for (std::uint64_t carry = size_; carry & 1; carry >>= 1) {
        hash = merkle_node(full_subtrees_.back(), hash);
        full_subtrees_.pop_back();
    }
    full_subtrees_.push_back(hash);
    ++size_;
}

Sha256 MerkleTree::root() const {
    if (full_subtrees_.empty()) return sha256(ByteView{});
    Sha256 hash = full_subtrees_.back();
    for (auto left = full_subtrees_.rbegin() + 1; left != full_subtrees_.rend(); ++left) {
        hash = merkle_node(*left, hash);
    }
    return hash;
}

}  // namespace evidence
