#include "package/item_proofs.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>

#include "base/error.h"
#include "digest/merkle_tree.h"
#include "test_context.h"

using namespace evidence;
using namespace evidence::test;

namespace {

using Leaves = std::vector<Sha256>;

Sha256 leaf_of(std::size_t number) { return merkle_leaf(as_bytes(std::to_string(number))); }

Leaves sorted_leaves(std::size_t size) {
    Leaves leaves;
    for (std::size_t i = 0; i < size; ++i) leaves.push_back(leaf_of(i));
    std::sort(leaves.begin(), leaves.end());
    return leaves;
}

// RFC 6962 section 2.1, word by word.
Sha256 tree_hash(std::span<const Sha256> leaves) {
    if (leaves.size() == 1) return leaves[0];
    std::size_t k = 1;
    while (2 * k < leaves.size()) k *= 2;
    return merkle_node(tree_hash(leaves.first(k)), tree_hash(leaves.subspan(k)));
}

// Section 2.1.1: PATH(m, D[n]).
Leaves path_in(std::size_t m, std::span<const Sha256> leaves) {
    if (leaves.size() == 1) return {};
    std::size_t k = 1;
    while (2 * k < leaves.size()) k *= 2;
    Leaves path = m < k ? path_in(m, leaves.first(k)) : path_in(m - k, leaves.subspan(k));
    path.push_back(m < k ? tree_hash(leaves.subspan(k)) : tree_hash(leaves.first(k)));
    return path;
}

ItemProofs proofs_of(std::size_t size, const TemporaryFolder& scratch) {
    ItemProofs proofs(scratch.path());
    for (std::size_t i = 0; i < size; ++i) proofs.add(std::to_string(i));
    proofs.finish();
    return proofs;
}

}  // namespace

TEST_CASE("every proof is the path that RFC 6962 defines") {
    for (std::size_t size = 1; size <= 70; ++size) {
        TemporaryFolder scratch;
        const ItemProofs proofs = proofs_of(size, scratch);
        const Leaves leaves = sorted_leaves(size);
        REQUIRE(proofs.root() == tree_hash(leaves));
        REQUIRE(proofs.size() == size);
        for (std::size_t i = 0; i < size; ++i) {
            const auto proof = proofs.proof_of(leaves[i]);
            REQUIRE(proof.has_value());
            CHECK(proof->index == i);
            CHECK(proof->path == path_in(i, leaves));
            CHECK(proof->path.size() == path_length(i, size));
            CHECK(root_of_path(leaves[i], i, size, proof->path) == proofs.root());
        }
        CHECK_FALSE(proofs.proof_of(leaf_of(size)));
    }
}

TEST_CASE("trees of any size up to 5,000 leaves prove all of them") {
    CountingRandom random;
    for (int round = 0; round < 25; ++round) {
        std::array<std::uint8_t, 4> drawn{};
        random.fill(drawn);
        const std::size_t size = 1 + (drawn[0] * 256u + drawn[1]) % 5000;
        TemporaryFolder scratch;
        const ItemProofs proofs = proofs_of(size, scratch);
        const Leaves leaves = sorted_leaves(size);
        REQUIRE(proofs.root() == tree_hash(leaves));
        std::size_t proven = 0;
        for (std::size_t i = 0; i < size; ++i) {
            const auto proof = proofs.proof_of(leaves[i]);
            proven += proof && proof->index == i &&
                      root_of_path(leaves[i], i, size, proof->path) == proofs.root();
        }
        CHECK(proven == size);
    }
}

TEST_CASE("no change of a single bit of a proof leads to the root") {
    CountingRandom random;
    for (const std::size_t size : {1u, 2u, 3u, 7u, 64u, 65u, 1000u, 4999u}) {
        TemporaryFolder scratch;
        const ItemProofs proofs = proofs_of(size, scratch);
        const Sha256 root = proofs.root();
        std::array<std::uint8_t, 2> drawn{};
        random.fill(drawn);
        const Sha256 leaf = leaf_of((drawn[0] * 256u + drawn[1]) % size);
        const ItemProof proof = proofs.proof_of(leaf).value();
        const auto is_accepted = [&](const Sha256& changed_leaf, std::uint64_t index,
                                     std::uint64_t of, const Leaves& path) {
            return root_of_path(changed_leaf, index, of, path) == root;
        };
        REQUIRE(is_accepted(leaf, proof.index, size, proof.path));
        for (std::size_t bit = 0; bit < 256; ++bit) {
            Sha256 changed = leaf;
            changed[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
            CHECK_FALSE(is_accepted(changed, proof.index, size, proof.path));
            for (std::size_t i = 0; i < proof.path.size(); ++i) {
                Leaves path = proof.path;
                path[i][bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
                CHECK_FALSE(is_accepted(leaf, proof.index, size, path));
            }
        }
        for (unsigned bit = 0; bit < 53; ++bit) {
            const std::uint64_t index = proof.index ^ (std::uint64_t{1} << bit);
            CHECK_FALSE(is_accepted(leaf, index, size, proof.path));
        }
    }
}

TEST_CASE("a path of another length proves nothing") {
    TemporaryFolder scratch;
    const ItemProofs proofs = proofs_of(11, scratch);
    for (const Sha256& leaf : sorted_leaves(11)) {
        const ItemProof proof = proofs.proof_of(leaf).value();
        Leaves longer = proof.path, shorter = proof.path;
        longer.push_back(leaf);
        shorter.pop_back();
        CHECK_FALSE(root_of_path(leaf, proof.index, 11, longer));
        CHECK_FALSE(root_of_path(leaf, proof.index, 11, shorter));
        // What the path leads to one level below the root is no root either.
        CHECK_FALSE(root_of_path(leaf, proof.index, 11, {}));
    }
}

TEST_CASE("swapped paths, swapped hashes and an index outside of the tree prove nothing") {
    TemporaryFolder scratch;
    const ItemProofs proofs = proofs_of(16, scratch);
    const Leaves leaves = sorted_leaves(16);
    const ItemProof first = proofs.proof_of(leaves[2]).value();
    const ItemProof second = proofs.proof_of(leaves[9]).value();
    CHECK(root_of_path(leaves[2], first.index, 16, second.path) != proofs.root());
    CHECK(root_of_path(leaves[9], second.index, 16, first.path) != proofs.root());
    Leaves swapped = first.path;
    std::swap(swapped[0], swapped[1]);
    CHECK(root_of_path(leaves[2], first.index, 16, swapped) != proofs.root());
    CHECK_FALSE(root_of_path(leaves[2], 16, 16, first.path));
    CHECK_FALSE(root_of_path(leaves[2], 0, 0, {}));
}

TEST_CASE("a node is no leaf and a leaf no node") {
    TemporaryFolder scratch;
    const ItemProofs proofs = proofs_of(8, scratch);
    const Leaves leaves = sorted_leaves(8);
    // The node over two leaves, given out as a record of a tree of half the size, leads to the root
    // by hash; but the bytes of a record are hashed behind 0x00, those of a node behind 0x01.
    const Sha256 node = merkle_node(leaves[0], leaves[1]);
    const ItemProof proof = proofs.proof_of(leaves[0]).value();
    const Leaves above(proof.path.begin() + 1, proof.path.end());
    CHECK(root_of_path(node, 0, 4, above) == proofs.root());
    std::string children(as_text(leaves[0]));
    children += as_text(leaves[1]);
    CHECK(merkle_leaf(as_bytes(children)) != node);
    CHECK(root_of_path(merkle_leaf(as_bytes(children)), 0, 4, above) != proofs.root());
    // And in the tree of its true size its path has the wrong length.
    CHECK_FALSE(root_of_path(node, 0, 8, above));
    CHECK_FALSE(proofs.proof_of(node));
}

TEST_CASE("a tree larger than memory allows proves its leaves, and two equal records nothing") {
    TemporaryFolder scratch;
    constexpr std::size_t size = 150'001;
    const ItemProofs proofs = proofs_of(size, scratch);
    const Leaves leaves = sorted_leaves(size);
    MerkleTree expected;
    for (const Sha256& leaf : leaves) expected.add_leaf(leaf);
    CHECK(proofs.root() == expected.root());
    std::size_t proven = 0, asked = 0;
    for (std::size_t i = 0; i < size; i += 97, ++asked) {
        const auto proof = proofs.proof_of(leaves[i]);
        proven += proof && proof->index == i &&
                  root_of_path(leaves[i], i, size, proof->path) == proofs.root();
    }
    CHECK(proven == asked);
    CHECK(proofs.proof_of(leaves.back())->index == size - 1);
    CHECK(fs::is_empty(scratch.path()));

    ItemProofs twice(scratch.path());
    twice.add("a");
    twice.add("a");
    CHECK_THROWS_AS(twice.finish(), Error);
}

TEST_CASE("the root of no records is that of RFC 6962") {
    TemporaryFolder scratch;
    const ItemProofs proofs = proofs_of(0, scratch);
    CHECK(proofs.size() == 0);
    CHECK(proofs.root() == sha256(""));
    CHECK_FALSE(proofs.proof_of(leaf_of(0)));
}
