// The item tree: RFC 6962 over leaf hashes sorted by value, so that a position says nothing.
//
// Any number of leaves in bounded memory, see sorted_leaves.h.
#pragma once

#include <string>
#include <string_view>

#include "package/sorted_leaves.h"

namespace evidence {

class ItemTree {
public:
    explicit ItemTree(fs::path scratch_folder) : leaves_(std::move(scratch_folder)) {}

    // leaf hash = SHA-256(0x00 || record bytes)
    void add(std::string_view record_bytes);
    std::uint64_t size() const { return leaves_.size(); }
    // Sorts what is left and computes the root; call once. Error(malformed) when two leaves are
    // equal, which salts make impossible in honest packages.
    Sha256 finish();

private:
    SortedLeaves leaves_;
};

// The origin line of items.checkpoint: "evidence-items/1/<package id>".
std::string items_origin(std::string_view package_id);

}  // namespace evidence
