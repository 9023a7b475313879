// The content of one open file, digested by several algorithms in one pass.
//
// Small files are read and digested in place. A big one is handed to one thread per algorithm
// through base/broadcast.h, one such file at a time in the whole process, so that memory stays
// small.
//
// Thread rule: a FileHasher belongs to one thread; several share one HashingWatch.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <optional>

#include "base/bytes.h"
#include "digest/algorithm.h"
#include "digest/digest.h"

namespace evidence {

class AlgorithmSet {
public:
    AlgorithmSet() = default;
    explicit AlgorithmSet(const std::vector<Algorithm>& algorithms) {
        for (Algorithm algorithm : algorithms) add(algorithm);
    }
    void add(Algorithm algorithm) { bits_ |= 1u << static_cast<unsigned>(algorithm); }
    bool operator==(const AlgorithmSet&) const = default;
    bool contains(Algorithm algorithm) const {
        return (bits_ >> static_cast<unsigned>(algorithm) & 1u) != 0;
    }

private:
    unsigned bits_ = 0;
};

// Digests of fixed size and place, so that a million results need no allocation.
class FileDigests {
public:
    ByteView of(Algorithm algorithm) const;
    MutableByteView place_of(Algorithm algorithm);
    std::uint64_t size_bytes = 0;  // of the content digested

private:
    static constexpr std::size_t all_digest_bytes = 16 + 20 + 32 + 48 + 64 + 32 + 64;
    std::array<std::uint8_t, all_digest_bytes> values_;
};

// What the workers and those who wait for them tell each other.
struct HashingWatch {
    explicit HashingWatch(const std::atomic<bool>& interrupted_by_user)
        : interrupted(interrupted_by_user) {}

    const std::atomic<bool>& interrupted;  // by the user
    std::atomic<bool> abandoned = false;   // nobody waits for the results any more
    std::atomic<std::uint64_t> bytes_read = 0;
    std::mutex big_file;  // held while threads of its own work on a big file
};

enum class BigFiles { in_place, with_threads };

class FileHasher {
public:
    FileHasher(HashingWatch& watch, BigFiles big_files);

    // Reads `fd` from its position to its end. `expected_bytes` is the size of a regular file,
    // nullopt when it cannot be known (pipes, devices). Returns 0 or the errno of a failed read.
    // Error(interrupted) when the watch says stop.
    int hash(int fd, std::optional<std::uint64_t> expected_bytes, AlgorithmSet algorithms,
             FileDigests& digests);

private:
    Hasher& hasher(Algorithm algorithm);
    int hash_in_place(int fd, std::optional<std::uint64_t> expected_bytes, FileDigests& digests);
    int hash_with_threads(int fd, FileDigests& digests);
    void check_stopped() const;
    ssize_t read_once(int fd, MutableByteView buffer) const;

    HashingWatch& watch_;
    BigFiles big_files_;
    bool is_stream_ = false;  // what is read has no size known beforehand
    std::unique_ptr<std::uint8_t[]> buffer_;
    std::array<std::optional<Hasher>, all_algorithms.size()> hashers_;
    std::vector<Algorithm> chosen_;
};

}  // namespace evidence
