#include "package/item_tree.h"

#include "digest/merkle_tree.h"

namespace evidence {

void ItemTree::add(std::string_view record_bytes) {
    leaves_.add(merkle_leaf(as_bytes(record_bytes)));
}

Sha256 ItemTree::finish() {
    MerkleTree tree;
    leaves_.visit([&tree](const Sha256& leaf) { tree.add_leaf(leaf); });
    return tree.root();
}

std::string items_origin(std::string_view package_id) {
    return "evidence-items/1/" + std::string(package_id);
}

}  // namespace evidence
