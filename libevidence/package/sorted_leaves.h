// Leaf hashes of an item tree in rising order, any number of them in bounded memory.
//
// Thread rule: one thread at a time.
#pragma once

#include <functional>

#include "base/external_sort.h"
#include "digest/digest.h"

namespace evidence {

class SortedLeaves {
public:
    explicit SortedLeaves(fs::path scratch_folder) : leaves_(std::move(scratch_folder)) {}

    void add(const Sha256& leaf) { leaves_.add(leaf); }
    std::uint64_t size() const { return leaves_.size(); }

    // Hands out all leaves in rising order; call once, and add nothing after it. Error(malformed)
    // when two are equal, which salts make impossible in honest packages.
    void visit(const std::function<void(const Sha256& leaf)>& visitor);

private:
    ExternalSort<Sha256> leaves_;
};

}  // namespace evidence
