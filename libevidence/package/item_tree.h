// The item tree: RFC 6962 over leaf hashes sorted by value, so that a position says nothing.
//
// Any number of leaves in bounded memory: full buffers are sorted and spilled to an unnamed file in
// the scratch folder, and merged when the root is asked for.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/file.h"
#include "digest/digest.h"

namespace evidence {

class ItemTree {
public:
    explicit ItemTree(fs::path scratch_folder);
    ~ItemTree();
    ItemTree(ItemTree&&) noexcept;

    // leaf hash = SHA-256(0x00 || record bytes)
    void add(std::string_view record_bytes);
    std::uint64_t size() const;
    // Sorts what is left and computes the root; call once. Error(malformed) when two leaves are
    // equal, which salts make impossible in honest packages.
    Sha256 finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

// The origin line of items.checkpoint: "evidence-items/1/<package id>".
std::string items_origin(std::string_view package_id);

}  // namespace evidence
