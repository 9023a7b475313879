#include "digest/piece_sweep.h"

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <thread>

#include "digest/piece_batch.h"

namespace evidence {
namespace {

constexpr std::size_t page_bytes = 4096;
constexpr unsigned max_threads = 32;
constexpr std::size_t max_buffers_bytes = 40 * mib;
// How many runs of digests may be ready before their turn.
constexpr std::uint64_t max_runs_ahead = 4 * max_threads;

struct FreeDeleter {
    void operator()(std::uint8_t* memory) const { std::free(memory); }
};

unsigned thread_count() { return std::clamp(std::thread::hardware_concurrency(), 1u, max_threads); }

std::size_t pieces_per_run() {
    return std::clamp<std::size_t>(max_buffers_bytes / piece_bytes / thread_count(), 2,
                                   piece_batch_size());
}

// What one thread works with, and the digests of one run.
struct Run {
    explicit Run(std::size_t count)
        : memory(static_cast<std::uint8_t*>(std::aligned_alloc(page_bytes, count * piece_bytes))),
          buffer(memory.get(), count * piece_bytes) {
        if (!memory) throw std::bad_alloc();
    }

    std::unique_ptr<std::uint8_t, FreeDeleter> memory;
    MutableByteView buffer;
    std::vector<ByteView> pieces;
};

struct RunDigests {
    std::vector<Sha256> digests;
    std::uint64_t bytes = 0;
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
        Run own(run_bytes_ / piece_bytes);
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

    RunDigests hash(std::uint64_t number, Run& run) const {
        const std::uint64_t offset = number * run_bytes_;
        ByteView rest = run.buffer.first(static_cast<std::size_t>(wanted_bytes(number)));
        rest = rest.first(
            source_(run.buffer.first(rest.size()), offset));  // fewer when the source is short
        RunDigests result;
        result.bytes = rest.size();
        run.pieces.clear();
        while (!rest.empty()) {
            run.pieces.push_back(rest.first(std::min<std::size_t>(rest.size(), piece_bytes)));
            rest = rest.subspan(run.pieces.back().size());
        }
        hash_pieces(run.pieces, result.digests);
        return result;
    }

    // The number of a run that nobody has begun; nullopt when there is none, or not for now.
    std::optional<std::uint64_t> take() {
        if (stopped_ || next_ == runs_ || next_ >= delivered_ + max_runs_ahead) return std::nullopt;
        return next_++;
    }

    void work() try {
        Run run(run_bytes_ / piece_bytes);
        std::unique_lock lock(mutex_);
        while (!stopped_ && next_ < runs_) {
            const auto number = take();
            if (!number) {
                changed_.wait(lock);
                continue;
            }
            lock.unlock();
            RunDigests result = hash(*number, run);
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
    RunDigests wait_for(std::uint64_t number, Run& own) {
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

std::uint64_t sweep_pieces(std::uint64_t size_bytes, const PieceSource& source,
                           const PieceHasher::Sink& sink, const Context& context) {
    return Sweep(size_bytes, source).run(sink, context);
}

}  // namespace evidence
