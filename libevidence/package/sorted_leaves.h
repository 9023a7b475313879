// Leaf hashes of an item tree in rising order, any number of them in bounded memory: full buffers
// are sorted and spilled to an unnamed file in the scratch folder, and merged at the end.
//
// Thread rule: one thread at a time.
#pragma once

#include <functional>
#include <vector>

#include "base/file.h"
#include "digest/digest.h"

namespace evidence {

class SortedLeaves {
public:
    explicit SortedLeaves(fs::path scratch_folder) : scratch_folder_(std::move(scratch_folder)) {}

    void add(const Sha256& leaf);
    std::uint64_t size() const { return size_; }

    // Hands out all leaves in rising order; call once, and add nothing after it. Error(malformed)
    // when two are equal, which salts make impossible in honest packages.
    void visit(const std::function<void(const Sha256& leaf)>& visitor);

private:
    void sort_and_spill();

    fs::path scratch_folder_;
    std::vector<Sha256> buffer_;
    File spill_;
    std::vector<std::uint64_t> run_sizes_;
    std::uint64_t size_ = 0;
};

}  // namespace evidence
