// Records of a fixed size in rising order, any number of them in bounded memory: full buffers are
// sorted and spilled to an unnamed file in the scratch folder, and merged at the end.
//
// Thread rule: one thread at a time.
#pragma once

#include <algorithm>
#include <functional>
#include <queue>
#include <type_traits>
#include <vector>

#include "base/file.h"

namespace evidence {

// Record: copied as it lies in memory, so without padding, and ordered by <.
template <typename Record>
class ExternalSort {
    static_assert(std::is_trivially_copyable_v<Record> &&
                  std::has_unique_object_representations_v<Record>);

public:
    static constexpr std::size_t default_buffer_bytes = 2 * mib;

    explicit ExternalSort(fs::path scratch_folder, std::size_t buffer_bytes = default_buffer_bytes)
        : scratch_folder_(std::move(scratch_folder)),
          buffered_records_(std::max<std::size_t>(1, buffer_bytes / sizeof(Record))) {}

    void add(const Record& record) {
        if (buffer_.size() == buffered_records_) sort_and_spill();
        buffer_.push_back(record);
        ++size_;
    }
    std::uint64_t size() const { return size_; }

    // Hands out all records in rising order, equal ones too; call once, and add nothing after it.
    void visit(const std::function<void(const Record& record)>& visitor) {
        if (run_sizes_.empty()) {
            std::sort(buffer_.begin(), buffer_.end());
            for (const Record& record : buffer_) visitor(record);
            return;
        }
        sort_and_spill();
        std::vector<Run> runs;
        std::uint64_t first = 0;
        for (const std::uint64_t count : run_sizes_) {
            runs.emplace_back(spill_, first, count);
            first += count;
        }
        merge(runs, visitor);
    }

private:
    static constexpr std::size_t records_per_read = 128;  // of each run while merging

    // The records [next, end) of the spill file, which are sorted.
    class Run {
    public:
        Run(const File& file, std::uint64_t first, std::uint64_t count)
            : file_(&file), next_(first), end_(first + count) {
            refill();
        }

        bool is_empty() const { return position_ == window_.size(); }
        const Record& front() const { return window_[position_]; }
        void pop() {
            if (++position_ == window_.size()) refill();
        }

    private:
        void refill() {
            position_ = 0;
            window_.resize(std::min<std::uint64_t>(records_per_read, end_ - next_));
            if (window_.empty()) return;
            file_->read_exactly_at(
                {reinterpret_cast<std::uint8_t*>(window_.data()), window_.size() * sizeof(Record)},
                next_ * sizeof(Record));
            next_ += window_.size();
        }

        const File* file_;
        std::uint64_t next_, end_;
        std::vector<Record> window_;
        std::size_t position_ = 0;
    };

    static void merge(std::vector<Run>& runs, const std::function<void(const Record&)>& visitor) {
        const auto stands_behind = [&runs](std::size_t a, std::size_t b) {
            return runs[b].front() < runs[a].front();
        };
        std::priority_queue<std::size_t, std::vector<std::size_t>, decltype(stands_behind)> least(
            stands_behind);
        for (std::size_t i = 0; i < runs.size(); ++i) least.push(i);
        while (!least.empty()) {
            const std::size_t run = least.top();
            least.pop();
            visitor(runs[run].front());
            runs[run].pop();
            if (!runs[run].is_empty()) least.push(run);
        }
    }

    void sort_and_spill() {
        if (buffer_.empty()) return;
        if (!spill_.is_open()) spill_ = File::create_unnamed(scratch_folder_);
        std::sort(buffer_.begin(), buffer_.end());
        spill_.write({reinterpret_cast<const std::uint8_t*>(buffer_.data()),
                      buffer_.size() * sizeof(Record)});
        run_sizes_.push_back(buffer_.size());
        buffer_.clear();
    }

    fs::path scratch_folder_;
    std::size_t buffered_records_;
    std::vector<Record> buffer_;
    File spill_;
    std::vector<std::uint64_t> run_sizes_;
    std::uint64_t size_ = 0;
};

}  // namespace evidence
