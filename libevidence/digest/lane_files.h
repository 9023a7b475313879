// Small files digested side by side in the lanes of digest/sha256_lanes.h: a group is read whole,
// then all of it is digested at once.
//
// Thread rule: belongs to one thread.
#pragma once

#include <memory>
#include <vector>

#include "digest/file_hasher.h"
#include "digest/sha256_lanes.h"

namespace evidence {

class LaneFiles {
public:
    explicit LaneFiles(HashingWatch& watch);

    // How many files make a group worth its while; 1 where there are no lanes.
    std::size_t group_size() const { return group_size_; }
    // Whether a file of this size, to be digested by these algorithms, may go into a group.
    bool takes(std::optional<std::uint64_t> expected_bytes, AlgorithmSet algorithms) const;

    enum class Taken { yes, grew, failed };
    struct Reading {
        Taken taken;
        int error_number = 0;  // of a failed read
    };
    // Reads a file from its start, whole. `digests` is filled in by finish() and must stay until
    // then. `grew`: it is larger than it was, read from its start again by somebody else.
    Reading take(int fd, FileDigests& digests);
    void finish();
    bool is_empty() const { return waiting_.empty(); }
    bool is_full() const { return waiting_.size() == group_size_; }

private:
    HashingWatch& watch_;
    std::size_t group_size_;
    // One behind the other: in places of one size each, lanes would read at addresses that have
    // to share the same lines of the caches.
    std::unique_ptr<std::uint8_t[]> contents_;
    std::size_t filled_ = 0;
    struct Waiting {
        FileDigests* digests;
        ByteView content;
    };
    std::vector<Waiting> waiting_;
};

}  // namespace evidence
