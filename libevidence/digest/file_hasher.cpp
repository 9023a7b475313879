#include "digest/file_hasher.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/broadcast.h"
#include "base/error.h"
#include "base/file.h"

namespace evidence {
namespace {

constexpr std::size_t read_bytes = 256 * kib;
// Starting threads and touching a fresh ring costs about a millisecond: worth it for one algorithm
// only when reading alone takes longer than that, for several already when they can run beside each
// other.
constexpr std::uint64_t big_for_one = 64 * mib;
constexpr std::uint64_t big_for_several = 8 * mib;

constexpr std::size_t place_in_digests(Algorithm algorithm) {
    constexpr std::array<std::size_t, all_algorithms.size()> places = {0,   16,  36, 68,
                                                                       116, 180, 212};
    return places[static_cast<std::size_t>(algorithm)];
}

}  // namespace

ByteView FileDigests::of(Algorithm algorithm) const {
    return ByteView(values_).subspan(place_in_digests(algorithm), digest_bytes(algorithm));
}

MutableByteView FileDigests::place_of(Algorithm algorithm) {
    return MutableByteView(values_).subspan(place_in_digests(algorithm), digest_bytes(algorithm));
}

FileHasher::FileHasher(HashingWatch& watch, BigFiles big_files)
    : watch_(watch),
      big_files_(big_files),
      buffer_(std::make_unique_for_overwrite<std::uint8_t[]>(read_bytes)) {}

Hasher& FileHasher::hasher(Algorithm algorithm) {
    auto& hasher = hashers_[static_cast<std::size_t>(algorithm)];
    if (!hasher) hasher.emplace(algorithm);
    return *hasher;
}

void FileHasher::check_stopped() const {
    if (watch_.interrupted.load(std::memory_order_relaxed) ||
        watch_.abandoned.load(std::memory_order_relaxed)) {
        throw Error(ErrorKind::interrupted, "interrupted");
    }
}

// One read. What has no size may be a pipe that has nothing to say for hours: the wait for it looks
// whether to stop.
ssize_t FileHasher::read_once(int fd, MutableByteView buffer) const {
    while (true) {
        check_stopped();
        if (is_stream_ && !wait_readable(fd)) continue;
        const ssize_t count = ::read(fd, buffer.data(), buffer.size());
        if (count >= 0 || errno != EINTR) return count;
    }
}

int FileHasher::hash(int fd, std::optional<std::uint64_t> expected_bytes, AlgorithmSet algorithms,
                     FileDigests& digests) {
    is_stream_ = !expected_bytes;
    chosen_.clear();
    for (Algorithm algorithm : all_algorithms) {
        if (algorithms.contains(algorithm)) chosen_.push_back(algorithm);
    }
    const std::uint64_t big = chosen_.size() > 1 ? big_for_several : big_for_one;
    const bool is_big = !expected_bytes || *expected_bytes >= big;
    std::unique_lock<std::mutex> turn(watch_.big_file, std::defer_lock);
    const bool with_threads = is_big && big_files_ == BigFiles::with_threads && turn.try_lock();
    if (is_big) ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);

    digests.size_bytes = 0;
    const int error_number =
        with_threads ? hash_with_threads(fd, digests) : hash_in_place(fd, expected_bytes, digests);
    // Also after a failed read: it leaves the hashers ready for the next file.
    for (Algorithm algorithm : chosen_) hasher(algorithm).finish(digests.place_of(algorithm));
    return error_number;
}

int FileHasher::hash_in_place(int fd, std::optional<std::uint64_t> expected_bytes,
                              FileDigests& digests) {
    const MutableByteView buffer(buffer_.get(), read_bytes);
    while (true) {
        const ssize_t count = read_once(fd, buffer);
        if (count < 0) return errno;
        const std::size_t size = static_cast<std::size_t>(count);
        for (Algorithm algorithm : chosen_) hasher(algorithm).update(buffer.first(size));
        digests.size_bytes += size;
        watch_.bytes_read.fetch_add(size, std::memory_order_relaxed);
        // A short read that ends where the file does saves most small files their second read.
        const bool complete = size < buffer.size() && expected_bytes == digests.size_bytes;
        if (size == 0 || complete) return 0;
    }
}

int FileHasher::hash_with_threads(int fd, FileDigests& digests) {
    int error_number = 0;
    const auto reader = [&](MutableByteView buffer) {
        std::size_t done = 0;
        while (done < buffer.size()) {
            const ssize_t count = read_once(fd, buffer.subspan(done));
            if (count < 0) error_number = errno;
            if (count <= 0) break;
            done += static_cast<std::size_t>(count);
        }
        watch_.bytes_read.fetch_add(done, std::memory_order_relaxed);
        return done;
    };
    std::vector<BroadcastConsumer> consumers;
    for (Algorithm algorithm : chosen_) {
        Hasher& one = hasher(algorithm);
        consumers.emplace_back([&one](ByteView bytes, std::uint64_t) { one.update(bytes); });
    }
    digests.size_bytes = broadcast(reader, std::move(consumers));
    return error_number;
}

}  // namespace evidence
