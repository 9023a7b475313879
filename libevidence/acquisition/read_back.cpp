#include "acquisition/read_back.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "base/aligned_buffer.h"
#include "base/error.h"
#include "base/hex.h"
#include "digest/piece_batch.h"

namespace evidence {
namespace {

constexpr unsigned max_threads = 32;
constexpr std::size_t max_buffers_bytes = 40 * mib;

unsigned thread_count() { return std::clamp(std::thread::hardware_concurrency(), 1u, max_threads); }

// Consecutive pieces that one thread reads and hashes at once.
std::size_t pieces_per_step() {
    return std::clamp<std::size_t>(max_buffers_bytes / piece_bytes / thread_count(), 2,
                                   piece_batch_size());
}

// What one thread works with.
struct Step {
    explicit Step(std::size_t count) : memory(count * piece_bytes) {}

    AlignedBuffer memory;
    std::vector<ByteView> pieces;
    std::vector<Sha256> digests;
};

class Comparison {
public:
    explicit Comparison(const ObjectToCompare& object)
        : object_(object),
          reader_(object.folder, object.layout),
          pieces_((object.size_bytes + piece_bytes - 1) / piece_bytes),
          step_pieces_(pieces_per_step()),
          next_(object.from_bytes / piece_bytes) {
        if (object.only_piece.empty()) digests_ = File::open_regular(object.pieces);
    }

    void run(const Context& context) {
        std::uint64_t reported = 0;
        const auto report = [&] {
            const std::uint64_t done = done_bytes_;
            context.progress.advance(done - reported);
            reported = done;
            context.check_interrupted();
        };
        {
            std::vector<std::jthread> threads;
            for (unsigned i = 1; i < thread_count(); ++i) {
                threads.emplace_back([this] { work([] {}); });
            }
            work(report);
        }
        if (failure_) std::rethrow_exception(failure_);
        report();
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
            std::min<std::uint64_t>(step.memory.view().size(), object_.size_bytes - offset));
        ByteView rest = step.memory.view().first(reader_.read(step.memory.view(), size, offset));
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
        throw_read_back_differs(reader_.path_at(piece * piece_bytes), piece * piece_bytes);
    }

    std::string expected(std::uint64_t piece) const {
        if (!digests_.is_open()) return object_.only_piece;
        std::string line(pieces_line_bytes, '\0');
        digests_.read_exactly_at({reinterpret_cast<std::uint8_t*>(line.data()), line.size()},
                                 piece * pieces_line_bytes);
        line.pop_back();
        return line;
    }

    const ObjectToCompare& object_;
    DirectReader reader_;
    File digests_;  // not open for objects of one piece
    std::uint64_t pieces_;
    std::size_t step_pieces_;
    std::atomic<std::uint64_t> next_;
    std::atomic<std::uint64_t> done_bytes_ = 0;
    std::mutex failure_mutex_;
    std::exception_ptr failure_;
};

// Longer than it has to be is wrong as well.
void check_sizes(const ObjectToCompare& object) {
    for (std::size_t i = 0; i < object.layout.segments_of(object.size_bytes); ++i) {
        const File file = File::open_regular(object.folder / object.layout.file_name(i));
        const std::uint64_t expected = object.layout.segment_size(i, object.size_bytes);
        if (file.size() == expected) continue;
        throw Error(ErrorKind::io, "read-back differs: " + file.name() + " (expected " +
                                       std::to_string(expected) + " bytes, found " +
                                       std::to_string(file.size()) + ")");
    }
}

}  // namespace

void throw_read_back_differs(const fs::path& file, std::uint64_t byte) {
    throw Error(ErrorKind::io,
                "read-back differs: " + file.native() + " (piece " +
                    std::to_string(byte / piece_bytes) + " at byte " + std::to_string(byte) +
                    " is not what was written)",
                "the destination disk does not keep what it is given");
}

void read_back(const ObjectToCompare& object, const Context& context) {
    check_sizes(object);
    context.progress.start("reading back", object.size_bytes - object.from_bytes);
    Comparison(object).run(context);
    context.progress.finish();
}

void read_back_beginning(const ObjectToCompare& object, const Context& context) {
    context.progress.start("comparing what is there", object.size_bytes);
    Comparison(object).run(context);
    context.progress.finish();
}

}  // namespace evidence
