#include "digest/lane_files.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace evidence {
namespace {

constexpr std::size_t small_bytes = 128 * kib;
constexpr std::size_t line_bytes = 64;  // of the processor's caches
constexpr std::size_t max_group = 32;
// With more files than lanes a lane that ended early has something to go on with.
constexpr std::size_t files_per_lane = 2;

std::size_t group_size_here() {
    const std::size_t lanes = sha256_lanes(engine_in_use());
    return lanes == 1 ? 1 : std::min(max_group, files_per_lane * lanes);
}

}  // namespace

LaneFiles::LaneFiles(HashingWatch& watch) : watch_(watch), group_size_(group_size_here()) {
    if (group_size_ == 1) return;
    contents_ =
        std::make_unique_for_overwrite<std::uint8_t[]>(group_size_ * (small_bytes + line_bytes));
    waiting_.reserve(group_size_);
}

bool LaneFiles::takes(std::optional<std::uint64_t> expected_bytes, AlgorithmSet algorithms) const {
    // Room for one byte more tells that a file grew.
    return group_size_ > 1 && expected_bytes && *expected_bytes < small_bytes &&
           algorithms == AlgorithmSet({Algorithm::sha256});
}

LaneFiles::Reading LaneFiles::take(int fd, FileDigests& digests) {
    std::uint8_t* const buffer = contents_.get() + filled_;
    std::size_t size = 0;
    while (size < small_bytes) {
        const ssize_t count = ::read(fd, buffer + size, small_bytes - size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return {Taken::failed, errno};
        if (count == 0) break;
        size += static_cast<std::size_t>(count);
    }
    if (size == small_bytes) {
        return ::lseek(fd, 0, SEEK_SET) == 0 ? Reading{Taken::grew, 0}
                                             : Reading{Taken::failed, errno};
    }
    digests.size_bytes = size;
    watch_.bytes_read.fetch_add(size, std::memory_order_relaxed);
    waiting_.push_back({&digests, {buffer, size}});
    filled_ += (size + line_bytes) / line_bytes * line_bytes;
    return {Taken::yes, 0};
}

void LaneFiles::finish() {
    if (waiting_.empty()) return;
    // The long ones first: what is left for the lanes to end with is short.
    std::sort(waiting_.begin(), waiting_.end(), [](const Waiting& a, const Waiting& b) {
        return a.content.size() > b.content.size();
    });
    std::array<ByteView, max_group> contents;
    std::array<Sha256, max_group> found;
    for (std::size_t i = 0; i < waiting_.size(); ++i) contents[i] = waiting_[i].content;
    sha256_many(std::span(contents).first(waiting_.size()),
                std::span(found).first(waiting_.size()));
    for (std::size_t i = 0; i < waiting_.size(); ++i) {
        std::copy(found[i].begin(), found[i].end(),
                  waiting_[i].digests->place_of(Algorithm::sha256).begin());
    }
    filled_ = 0;
    waiting_.clear();
}

}  // namespace evidence
