// Audit paths in an item tree (RFC 6962 section 2.1.1): what shows that one record is a leaf of a
// tree whose root is signed, without the other records.
//
// The path of leaf `index` in a tree of `size` leaves is the list of the hashes beside the way from
// that leaf up to the root, lowest first. Going up one level from (index, last), last = size - 1 at
// first: an odd index has its neighbour on the left, node(neighbour, hash); an even one that is not
// the last has it on the right, node(hash, neighbour); an even one that is the last has none and
// goes up as it is. Then both numbers are halved.
//
// Thread rule: an ItemProofs belongs to one thread at a time until finish(); proof_of() may then be
// called from several. The other functions are plain.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "package/sorted_leaves.h"

namespace evidence {

// No tree has more levels: sizes are below 2^53.
inline constexpr std::size_t max_path_length = 53;

struct ItemProof {
    std::uint64_t index = 0;   // of the leaf among the sorted ones, from 0
    std::vector<Sha256> path;  // from leaf to root
    bool operator==(const ItemProof&) const = default;
};

// How many hashes the path of that leaf has. Precondition: index < size.
std::size_t path_length(std::uint64_t index, std::uint64_t size);

// The root that the path leads to from this leaf hash; nullopt when the tree has no such index or
// a path of another length: never a root for a path that could stand at another place.
std::optional<Sha256> root_of_path(const Sha256& leaf, std::uint64_t index, std::uint64_t size,
                                   std::span<const Sha256> path);

// All records of a package go in, once; then the proof of any of them can be asked for. Leaves and
// nodes lie in an unnamed file in the scratch folder, so that memory does not grow with the tree.
class ItemProofs {
public:
    explicit ItemProofs(fs::path scratch_folder);
    ~ItemProofs();
    ItemProofs(ItemProofs&&) noexcept;

    // Leaves are hashed many at a time.
    void add(std::string_view record_bytes);
    // Sorts, and builds all levels; call once. Error(malformed) when two records are equal.
    void finish();

    std::uint64_t size() const;  // after finish(), like all below
    const Sha256& root() const;
    // nullopt when no record has this leaf hash.
    std::optional<ItemProof> proof_of(const Sha256& leaf) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace evidence
