#include "package/item_tree.h"

#include <algorithm>
#include <queue>
#include <vector>

#include "base/error.h"
#include "base/hex.h"
#include "digest/merkle_tree.h"

namespace evidence {
namespace {

constexpr std::size_t buffered_leaves = 64 * 1024;  // 2 MiB
constexpr std::size_t leaves_per_read = 128;        // of each run while merging

static_assert(sizeof(Sha256) == 32, "leaves are spilled as they lie in memory");

ByteView bytes_of(const std::vector<Sha256>& leaves) {
    return {reinterpret_cast<const std::uint8_t*>(leaves.data()), leaves.size() * sizeof(Sha256)};
}

// The leaves [next, end) of the spill file, which are sorted.
class Run {
public:
    Run(const File& file, std::uint64_t first, std::uint64_t count)
        : file_(&file), next_(first), end_(first + count) {
        refill();
    }

    bool is_empty() const { return position_ == window_.size(); }
    const Sha256& front() const { return window_[position_]; }
    void pop() {
        if (++position_ == window_.size()) refill();
    }

private:
    void refill() {
        position_ = 0;
        window_.resize(std::min<std::uint64_t>(leaves_per_read, end_ - next_));
        if (window_.empty()) return;
        file_->read_exactly_at(
            {reinterpret_cast<std::uint8_t*>(window_.data()), window_.size() * sizeof(Sha256)},
            next_ * sizeof(Sha256));
        next_ += window_.size();
    }

    const File* file_;
    std::uint64_t next_, end_;
    std::vector<Sha256> window_;
    std::size_t position_ = 0;
};

// Takes leaves in rising order and refuses equal ones.
class SortedTree {
public:
    void add(const Sha256& leaf) {
        if (tree_.size() > 0 && leaf == last_) {
            throw Error(ErrorKind::malformed,
                        "two records are equal: leaf " + to_hex(leaf) +
                            " (expected records that differ at least in their salt)");
        }
        last_ = leaf;
        tree_.add_leaf(leaf);
    }
    Sha256 root() const { return tree_.root(); }

private:
    MerkleTree tree_;
    Sha256 last_{};
};

}  // namespace

struct ItemTree::State {
    fs::path scratch_folder;
    std::vector<Sha256> buffer;
    File spill;
    std::vector<std::uint64_t> run_sizes;
    std::uint64_t spilled = 0, size = 0;

    void sort_and_spill() {
        if (buffer.empty()) return;
        if (!spill.is_open()) spill = File::create_unnamed(scratch_folder);
        std::sort(buffer.begin(), buffer.end());
        spill.write(bytes_of(buffer));
        run_sizes.push_back(buffer.size());
        spilled += buffer.size();
        buffer.clear();
    }

    Sha256 merge() {
        std::vector<Run> runs;
        std::uint64_t first = 0;
        for (const std::uint64_t count : run_sizes) {
            runs.emplace_back(spill, first, count);
            first += count;
        }
        const auto stands_behind = [&runs](std::size_t a, std::size_t b) {
            return runs[a].front() > runs[b].front();
        };
        std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(stands_behind)> least(
            stands_behind);
        for (std::size_t i = 0; i < runs.size(); ++i) least.push(i);
        SortedTree tree;
        while (!least.empty()) {
            const std::size_t run = least.top();
            least.pop();
            tree.add(runs[run].front());
            runs[run].pop();
            if (!runs[run].is_empty()) least.push(run);
        }
        return tree.root();
    }
};

ItemTree::ItemTree(fs::path scratch_folder) : state_(std::make_unique<State>()) {
    state_->scratch_folder = std::move(scratch_folder);
}

ItemTree::~ItemTree() = default;
ItemTree::ItemTree(ItemTree&&) noexcept = default;

void ItemTree::add(std::string_view record_bytes) {
    if (state_->buffer.size() == buffered_leaves) state_->sort_and_spill();
    state_->buffer.push_back(merkle_leaf(as_bytes(record_bytes)));
    ++state_->size;
}

std::uint64_t ItemTree::size() const { return state_->size; }

Sha256 ItemTree::finish() {
    if (!state_->run_sizes.empty()) {
        state_->sort_and_spill();
        return state_->merge();
    }
    std::sort(state_->buffer.begin(), state_->buffer.end());
    SortedTree tree;
    for (const Sha256& leaf : state_->buffer) tree.add(leaf);
    return tree.root();
}

std::string items_origin(std::string_view package_id) {
    return "evidence-items/1/" + std::string(package_id);
}

}  // namespace evidence
