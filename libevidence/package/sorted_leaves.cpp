#include "package/sorted_leaves.h"

#include <algorithm>
#include <optional>
#include <queue>

#include "base/error.h"
#include "base/hex.h"

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

// Passes leaves on in rising order and refuses equal ones.
class Distinct {
public:
    explicit Distinct(const std::function<void(const Sha256&)>& visitor) : visitor_(visitor) {}

    void take(const Sha256& leaf) {
        if (last_ && leaf == *last_) {
            throw Error(ErrorKind::malformed,
                        "two records are equal: leaf " + to_hex(leaf) +
                            " (expected records that differ at least in their salt)");
        }
        last_ = leaf;
        visitor_(leaf);
    }

private:
    const std::function<void(const Sha256&)>& visitor_;
    std::optional<Sha256> last_;
};

void merge(std::vector<Run>& runs, Distinct& distinct) {
    const auto stands_behind = [&runs](std::size_t a, std::size_t b) {
        return runs[a].front() > runs[b].front();
    };
    std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(stands_behind)> least(
        stands_behind);
    for (std::size_t i = 0; i < runs.size(); ++i) least.push(i);
    while (!least.empty()) {
        const std::size_t run = least.top();
        least.pop();
        distinct.take(runs[run].front());
        runs[run].pop();
        if (!runs[run].is_empty()) least.push(run);
    }
}

}  // namespace

void SortedLeaves::add(const Sha256& leaf) {
    if (buffer_.size() == buffered_leaves) sort_and_spill();
    buffer_.push_back(leaf);
    ++size_;
}

void SortedLeaves::sort_and_spill() {
    if (buffer_.empty()) return;
    if (!spill_.is_open()) spill_ = File::create_unnamed(scratch_folder_);
    std::sort(buffer_.begin(), buffer_.end());
    spill_.write(bytes_of(buffer_));
    run_sizes_.push_back(buffer_.size());
    buffer_.clear();
}

void SortedLeaves::visit(const std::function<void(const Sha256& leaf)>& visitor) {
    Distinct distinct(visitor);
    if (run_sizes_.empty()) {
        std::sort(buffer_.begin(), buffer_.end());
        for (const Sha256& leaf : buffer_) distinct.take(leaf);
        return;
    }
    sort_and_spill();
    std::vector<Run> runs;
    std::uint64_t first = 0;
    for (const std::uint64_t count : run_sizes_) {
        runs.emplace_back(spill_, first, count);
        first += count;
    }
    merge(runs, distinct);
}

}  // namespace evidence
