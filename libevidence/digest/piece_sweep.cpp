#include "digest/piece_sweep.h"

#include <fcntl.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "digest/piece_batch.h"
#include "digest/sha256_steps.h"

namespace evidence {
namespace {

constexpr unsigned max_threads = 32;
// Of all pieces of a run together: what the lanes read stays in the second-level cache.
constexpr std::size_t buffer_bytes = mib;
constexpr std::size_t first_look_bytes = 4 * kib;
// How many runs of digests may be ready before their turn.
constexpr std::uint64_t max_runs_ahead = 4 * max_threads;

unsigned thread_count() { return std::clamp(std::thread::hardware_concurrency(), 1u, max_threads); }

std::size_t pieces_per_run() { return Sha256Steps::max_messages(engine_in_use()); }

struct RunDigests {
    std::vector<Sha256> digests;
    std::uint64_t bytes = 0;
};

// Reads and hashes runs of pieces, with a buffer of its own.
class RunHasher {
public:
    explicit RunHasher(const PieceSource& source)
        : source_(source), step_bytes_(buffer_bytes / pieces_per_run()), buffer_(buffer_bytes) {}

    RunDigests hash(std::uint64_t offset, std::uint64_t size_bytes) {
        if (source_.announce) source_.announce(offset, size_bytes);
        RunDigests result;
        const std::uint64_t whole = size_bytes / piece_bytes;
        // A source that ends before is read from the start of the run to there.
        if (!hash_side_by_side(offset, whole, result.digests)) {
            result.digests.clear();
            return hash_in_turn(offset, size_bytes, std::move(result));
        }
        result.bytes = whole * piece_bytes;
        if (result.bytes == size_bytes) return result;
        return hash_in_turn(offset, size_bytes, std::move(result));
    }

private:
    // Whole pieces; false when one of them is not all there.
    bool hash_side_by_side(std::uint64_t offset, std::uint64_t pieces,
                           std::vector<Sha256>& digests) {
        digests.assign(pieces, digest_of_zero_piece());
        lanes_.clear();
        for (std::size_t i = 0; i < pieces; ++i) {
            if (!is_piece_of_zeros(offset + i * piece_bytes)) lanes_.push_back(i);
        }
        if (lanes_.empty()) return true;
        Sha256Steps steps(lanes_.size());
        std::vector<ByteView> parts(lanes_.size());
        for (std::uint64_t done = 0; done < piece_bytes; done += step_bytes_) {
            for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
                const MutableByteView part =
                    MutableByteView(buffer_).subspan(lane * step_bytes_, step_bytes_);
                if (!reads(part, offset + lanes_[lane] * piece_bytes + done)) return false;
                parts[lane] = part;
            }
            steps.update(parts);
        }
        std::vector<Sha256> found(lanes_.size());
        steps.finish(found);
        for (std::size_t lane = 0; lane < lanes_.size(); ++lane) {
            digests[lanes_[lane]] = found[lane];
        }
        return true;
    }

    // From where `result` ends to the end of the run, or of the source.
    RunDigests hash_in_turn(std::uint64_t offset, std::uint64_t size_bytes, RunDigests result) {
        while (result.bytes < size_bytes) {
            const std::uint64_t wanted = std::min(piece_bytes, size_bytes - result.bytes);
            const std::uint64_t found = hash_one(offset + result.bytes, wanted, result.digests);
            result.bytes += found;
            if (found < wanted) break;
        }
        return result;
    }

    // As much of a piece as there is.
    std::uint64_t hash_one(std::uint64_t offset, std::uint64_t size_bytes,
                           std::vector<Sha256>& digests) {
        Hasher hasher(Algorithm::sha256);
        std::uint64_t done = 0;
        while (done < size_bytes) {
            const MutableByteView part = MutableByteView(buffer_).first(static_cast<std::size_t>(
                std::min<std::uint64_t>(buffer_.size(), size_bytes - done)));
            const std::size_t got = source_.read(part, offset + done);
            hasher.update(part.first(got));
            done += got;
            if (got < part.size()) break;
        }
        if (done > 0) digests.push_back(hasher.finish_sha256());
        return done;
    }

    // Most pieces that are not show it at once.
    bool is_piece_of_zeros(std::uint64_t offset) {
        std::size_t size = first_look_bytes;
        for (std::uint64_t done = 0; done < piece_bytes; done += size, size = step_bytes_) {
            size = static_cast<std::size_t>(std::min<std::uint64_t>(size, piece_bytes - done));
            const MutableByteView part = MutableByteView(buffer_).first(size);
            if (!reads(part, offset + done) || !all_zero(part)) return false;
        }
        return true;
    }

    bool reads(MutableByteView part, std::uint64_t offset) const {
        return source_.read(part, offset) == part.size();
    }

    const PieceSource& source_;
    std::size_t step_bytes_;  // of each piece at a time; a piece has a whole number of them
    Bytes buffer_;
    std::vector<std::size_t> lanes_;  // the pieces of the run that are hashed side by side
};

class Sweep {
public:
    Sweep(std::uint64_t size_bytes, const PieceSource& source)
        : size_(size_bytes),
          source_(source),
          run_bytes_(pieces_per_run() * piece_bytes),
          runs_((size_bytes + run_bytes_ - 1) / run_bytes_) {}

    std::uint64_t run(const PieceHasher::Sink& sink, const Context& context) {
        std::vector<std::jthread> threads;
        const StopWork stop{*this};  // before the threads are joined, also by an exception
        const auto others =
            static_cast<unsigned>(std::min<std::uint64_t>(thread_count(), runs_)) - (runs_ ? 1 : 0);
        for (unsigned i = 0; i < others; ++i) threads.emplace_back([this] { work(); });
        RunHasher own(source_);
        std::uint64_t bytes = 0;
        for (std::uint64_t next = 0; next < runs_; ++next) {
            context.check_interrupted();
            const RunDigests done = wait_for(next, own);
            for (const Sha256& digest : done.digests) sink(digest);
            bytes += done.bytes;
            context.progress.advance(done.bytes);
            if (done.bytes < wanted_bytes(next)) break;
        }
        return bytes;
    }

private:
    struct StopWork {
        Sweep& sweep;
        ~StopWork() {
            const std::lock_guard lock(sweep.mutex_);
            sweep.stopped_ = true;
            sweep.changed_.notify_all();
        }
    };

    std::uint64_t wanted_bytes(std::uint64_t run) const {
        return std::min<std::uint64_t>(run_bytes_, size_ - run * run_bytes_);
    }

    RunDigests hash(std::uint64_t number, RunHasher& hasher) const {
        return hasher.hash(number * run_bytes_, wanted_bytes(number));
    }

    // The number of a run that nobody has begun; nullopt when there is none, or not for now.
    std::optional<std::uint64_t> take() {
        if (stopped_ || next_ == runs_ || next_ >= delivered_ + max_runs_ahead) return std::nullopt;
        return next_++;
    }

    void work() try {
        RunHasher own(source_);
        std::unique_lock lock(mutex_);
        while (!stopped_ && next_ < runs_) {
            const auto number = take();
            if (!number) {
                changed_.wait(lock);
                continue;
            }
            lock.unlock();
            RunDigests result = hash(*number, own);
            lock.lock();
            done_.emplace(*number, std::move(result));
            changed_.notify_all();
        }
    } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        changed_.notify_all();
    }

    // Does other runs meanwhile.
    RunDigests wait_for(std::uint64_t number, RunHasher& own) {
        std::unique_lock lock(mutex_);
        for (;;) {
            if (failure_) std::rethrow_exception(failure_);
            if (const auto found = done_.find(number); found != done_.end()) {
                RunDigests result = std::move(found->second);
                done_.erase(found);
                ++delivered_;
                changed_.notify_all();
                return result;
            }
            const auto other = take();
            if (!other) {
                changed_.wait(lock);
                continue;
            }
            lock.unlock();
            RunDigests result = hash(*other, own);
            lock.lock();
            done_.emplace(*other, std::move(result));
        }
    }

    std::uint64_t size_;
    const PieceSource& source_;
    std::size_t run_bytes_;
    std::uint64_t runs_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<std::uint64_t, RunDigests> done_;  // not yet delivered
    std::uint64_t next_ = 0, delivered_ = 0;
    std::exception_ptr failure_;
    bool stopped_ = false;
};

}  // namespace

PieceSource pieces_of_file(const File& file, std::uint64_t offset) {
    return {[&file, offset](MutableByteView buffer, std::uint64_t at) {
                return file.read_at(buffer, offset + at);
            },
            [&file, offset](std::uint64_t at, std::uint64_t size_bytes) {
                // Only advice: the reads that follow jump from piece to piece.
                ::posix_fadvise(file.fd(), static_cast<off_t>(offset + at),
                                static_cast<off_t>(size_bytes), POSIX_FADV_WILLNEED);
            }};
}

std::uint64_t sweep_pieces(std::uint64_t size_bytes, const PieceSource& source,
                           const PieceHasher::Sink& sink, const Context& context) {
    return Sweep(size_bytes, source).run(sink, context);
}

}  // namespace evidence
