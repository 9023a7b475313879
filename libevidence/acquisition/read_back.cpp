#include "acquisition/read_back.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <thread>

#include "base/error.h"
#include "base/hex.h"
#include "digest/piece_batch.h"

namespace evidence {
namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t digest_line_bytes = 65;  // of pieces.txt: 64 hex digits and a newline
constexpr unsigned max_threads = 32;
constexpr std::size_t max_buffers_bytes = 40 * mib;

struct FreeDeleter {
    void operator()(std::uint8_t* memory) const { std::free(memory); }
};

unsigned thread_count() { return std::clamp(std::thread::hardware_concurrency(), 1u, max_threads); }

// Consecutive pieces that one thread reads and hashes at once.
std::size_t pieces_per_step() {
    return std::clamp<std::size_t>(max_buffers_bytes / piece_bytes / thread_count(), 2,
                                   piece_batch_size());
}

// What one thread works with.
struct Step {
    explicit Step(std::size_t count)
        : memory(static_cast<std::uint8_t*>(std::aligned_alloc(page_bytes, count * piece_bytes))),
          buffer(memory.get(), count * piece_bytes) {
        if (!memory) throw std::bad_alloc();
    }

    std::unique_ptr<std::uint8_t, FreeDeleter> memory;
    MutableByteView buffer;
    std::vector<ByteView> pieces;
    std::vector<Sha256> digests;
};

class ReadBack {
public:
    enum class Extent { whole, beginning };

    ReadBack(const fs::path& object, const fs::path& pieces, const ObjectFacts& facts,
             Extent extent)
        : facts_(facts),
          object_(File::open_read(object)),
          pieces_((facts.size_bytes + piece_bytes - 1) / piece_bytes),
          step_pieces_(pieces_per_step()) {
        if (facts.pieces_root) digests_ = File::open_read(pieces);
        const int flags = ::fcntl(object_.fd(), F_GETFL);
        direct_ = flags >= 0 && ::fcntl(object_.fd(), F_SETFL, flags | O_DIRECT) == 0;
        const bool fits = extent == Extent::whole ? object_.size() == facts.size_bytes
                                                  : object_.size() >= facts.size_bytes;
        if (!fits) {
            throw Error(ErrorKind::io, "read-back differs: " + object_.name() + " (expected " +
                                           std::to_string(facts.size_bytes) + " bytes, found " +
                                           std::to_string(object_.size()) + ")");
        }
    }

    void run(const Context& context) {
        {
            std::vector<std::jthread> threads;
            for (unsigned i = 1; i < thread_count(); ++i) {
                threads.emplace_back([this] { work([] {}); });
            }
            std::uint64_t reported = 0;
            work([&] {
                context.check_interrupted();
                const std::uint64_t done = done_bytes_;
                context.progress.advance(done - reported);
                reported = done;
            });
        }
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    template <typename BetweenSteps>
    void work(const BetweenSteps& between_steps) try {
        Step step(step_pieces_);
        for (;;) {
            const std::uint64_t first = next_.fetch_add(step_pieces_);
            if (first >= pieces_) return;
            between_steps();
            check(first, step);
        }
    } catch (...) {
        next_ = pieces_;  // the others stop as well
        const std::lock_guard lock(failure_mutex_);
        if (!failure_) failure_ = std::current_exception();
    }

    void check(std::uint64_t first, Step& step) {
        const std::uint64_t offset = first * piece_bytes;
        const auto size = static_cast<std::size_t>(
            std::min<std::uint64_t>(step.buffer.size(), facts_.size_bytes - offset));
        ByteView rest = step.buffer.first(read(step.buffer, offset));
        if (rest.size() != size) throw_differs(first + rest.size() / piece_bytes);
        step.pieces.clear();
        while (!rest.empty()) {
            step.pieces.push_back(rest.first(std::min<std::size_t>(rest.size(), piece_bytes)));
            rest = rest.subspan(step.pieces.back().size());
        }
        hash_pieces(step.pieces, step.digests);
        for (std::size_t i = 0; i < step.digests.size(); ++i) compare(first + i, step.digests[i]);
        done_bytes_ += size;
    }

    void compare(std::uint64_t piece, const Sha256& digest) const {
        if (to_hex(digest) != expected(piece)) throw_differs(piece);
    }

    [[noreturn]] void throw_differs(std::uint64_t piece) const {
        throw Error(ErrorKind::io,
                    "read-back differs: " + object_.name() + " (piece " + std::to_string(piece) +
                        " at byte " + std::to_string(piece * piece_bytes) +
                        " is not what was written)",
                    "the destination disk does not keep what it is given");
    }

    // Asks for whole pages, which direct reading needs.
    std::size_t read(MutableByteView buffer, std::uint64_t offset) {
        const auto wanted = static_cast<std::size_t>(
            std::min<std::uint64_t>(buffer.size(), facts_.size_bytes - offset));
        const std::size_t pages = (wanted + page_bytes - 1) / page_bytes * page_bytes;
        while (direct_) {
            const ssize_t count =
                ::pread(object_.fd(), buffer.data(), pages, static_cast<off_t>(offset));
            if (count < 0 && errno == EINTR) continue;
            if (count >= 0 && static_cast<std::size_t>(count) == wanted) return wanted;
            if (count < 0 && errno != EINVAL) throw_errno("cannot read back", object_.name());
            use_page_cache();
        }
        return object_.read_at(buffer.first(wanted), offset);
    }

    void use_page_cache() {
        direct_ = false;
        const int flags = ::fcntl(object_.fd(), F_GETFL);
        if (flags < 0 || ::fcntl(object_.fd(), F_SETFL, flags & ~O_DIRECT) != 0) {
            throw_errno("cannot read back", object_.name());
        }
    }

    std::string expected(std::uint64_t piece) const {
        if (!digests_.is_open()) return facts_.digests.at(Algorithm::sha256);
        std::string line(digest_line_bytes, '\0');
        digests_.read_exactly_at({reinterpret_cast<std::uint8_t*>(line.data()), line.size()},
                                 piece * digest_line_bytes);
        line.pop_back();
        return line;
    }

    const ObjectFacts& facts_;
    File object_;
    File digests_;  // not open for objects of one piece
    std::uint64_t pieces_;
    std::size_t step_pieces_;
    std::atomic<bool> direct_ = false;
    std::atomic<std::uint64_t> next_ = 0;
    std::atomic<std::uint64_t> done_bytes_ = 0;
    std::mutex failure_mutex_;
    std::exception_ptr failure_;
};

}  // namespace

void read_back(const fs::path& folder, ItemKind kind, const ObjectFacts& facts,
               const Context& context) {
    context.progress.start("reading back", facts.size_bytes);
    ReadBack(folder / object_file_name(kind), folder / "pieces.txt", facts, ReadBack::Extent::whole)
        .run(context);
    context.progress.finish();
}

void read_back_beginning(const fs::path& object, std::uint64_t size_bytes, const fs::path& pieces,
                         const Context& context) {
    ObjectFacts facts;
    facts.size_bytes = size_bytes;
    facts.pieces_root.emplace();  // only that there is one counts
    context.progress.start("comparing what is there", size_bytes);
    ReadBack(object, pieces, facts, ReadBack::Extent::beginning).run(context);
    context.progress.finish();
}

}  // namespace evidence
