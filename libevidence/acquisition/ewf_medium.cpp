#include "acquisition/ewf_medium.h"

#include <algorithm>
#include <exception>

#include "acquisition/chunk_workers.h"
#include "acquisition/ewf_chunk_unpacker.h"
#include "acquisition/ewf_set_facts.h"
#include "base/error.h"
#include "base/printable.h"

namespace evidence {
namespace {

constexpr std::uint64_t window_bytes = 8 * mib;
constexpr std::uint64_t job_bytes = 128 * kib;  // so that handing out work costs next to nothing
constexpr unsigned max_workers = 64;

[[noreturn]] void damaged_chunk(const EwfChunkPlace& place, std::uint64_t media_offset) {
    throw Error(ErrorKind::malformed, "damaged E01 chunk: " + printable(place.file.name()) +
                                          " at byte " + std::to_string(place.offset) +
                                          " (expected the medium from its byte " +
                                          std::to_string(media_offset) + " on)");
}

}  // namespace

class EwfMediumReader::State {
public:
    State(std::vector<EwfExtent> segments, unsigned workers)
        : segments_(std::move(segments)),
          facts_(read_ewf_set_facts(segments_)),
          list_(segments_),
          chunk_bytes_(static_cast<std::size_t>(facts_.volume.chunk_bytes())),
          slots_(static_cast<std::size_t>(std::max<std::uint64_t>(1, window_bytes / chunk_bytes_))),
          slots_per_job_(
              static_cast<std::size_t>(std::max<std::uint64_t>(1, job_bytes / chunk_bytes_))),
          workers_(useful_workers(workers)) {
        unpackers_.resize(useful_workers(workers) + 1);
        const std::uint64_t chunks = (facts_.volume.media_bytes() - 1) / chunk_bytes_ + 1;
        const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(slots_, chunks));
        current_.memory.resize(most * slot_bytes());
        ahead_.memory.resize(most * slot_bytes());
    }

    const EwfSetFacts& facts() const { return facts_; }

    std::size_t read(MutableByteView buffer) try {
        if (failure_) std::rethrow_exception(failure_);
        std::size_t done = 0;
        while (done < buffer.size()) {
            if (next_slot_ == current_.slots.size() && !advance()) break;
            const Slot& slot = current_.slots[next_slot_];
            if (slot.failure) std::rethrow_exception(slot.failure);
            const MutableByteView content = content_of(current_, next_slot_).subspan(taken_);
            const std::size_t size = std::min(content.size(), buffer.size() - done);
            std::copy_n(content.begin(), size, buffer.begin() + static_cast<std::ptrdiff_t>(done));
            done += size;
            taken_ = size == content.size() ? 0 : taken_ + size;
            if (taken_ == 0) ++next_slot_;
        }
        return done;
    } catch (...) {
        failure_ = std::current_exception();
        throw;
    }

private:
    struct Slot {
        EwfChunkPlace place;
        std::uint64_t media_offset = 0;
        std::size_t content_bytes = 0;
        std::exception_ptr failure;
    };

    // Chunks that are unpacked together; one window is read while the next is worked on.
    struct Window {
        std::vector<Slot> slots;
        Bytes memory;                // for each slot a chunk and a checksum
        std::exception_ptr failure;  // behind the last slot
    };

    unsigned useful_workers(unsigned wanted) const {
        const auto jobs = static_cast<unsigned>((slots_ + slots_per_job_ - 1) / slots_per_job_);
        return std::min({wanted == 0 ? default_worker_count() : wanted, jobs, max_workers});
    }

    std::size_t slot_bytes() const { return chunk_bytes_ + EwfChunkUnpacker::checksum_bytes; }

    MutableByteView content_of(Window& window, std::size_t index) {
        return MutableByteView(window.memory)
            .subspan(index * slot_bytes(), window.slots[index].content_bytes);
    }

    // To the next window with anything in it; false at the end of the medium.
    bool advance() {
        if (current_.failure) std::rethrow_exception(current_.failure);
        if (ended_) return false;
        if (!started_) start_next();
        started_ = true;
        workers_.wait_for_all();
        std::swap(current_, ahead_);
        next_slot_ = 0;
        if (!current_.slots.empty()) {
            if (!current_.failure) start_next();
            return true;
        }
        if (current_.failure) std::rethrow_exception(current_.failure);
        ended_ = true;
        return false;
    }

    void start_next() {
        plan(ahead_);
        workers_.start((ahead_.slots.size() + slots_per_job_ - 1) / slots_per_job_,
                       [this](std::size_t index, unsigned worker) { unpack(index, worker); });
    }

    // What is wrong further on is told when the reader comes to it.
    void plan(Window& window) try {
        window.slots.clear();
        window.failure = nullptr;
        while (window.slots.size() < slots_ && planned_ < facts_.volume.media_bytes()) {
            const std::optional<EwfChunkPlace> place = list_.next();
            if (!place) missing_chunk();
            const auto size = static_cast<std::size_t>(
                std::min<std::uint64_t>(chunk_bytes_, facts_.volume.media_bytes() - planned_));
            window.slots.push_back({*place, planned_, size, nullptr});
            planned_ += size;
        }
        if (planned_ == facts_.volume.media_bytes() && list_.next()) {
            throw Error(
                ErrorKind::malformed,
                "E01 set with more than its medium: " + printable(segments_.front().file.name()) +
                    " (expected " + std::to_string(planned_) + " bytes)");
        }
    } catch (...) {
        window.failure = std::current_exception();
    }

    [[noreturn]] void missing_chunk() const {
        throw Error(
            ErrorKind::malformed,
            "E01 set with less than its medium: " + printable(segments_.front().file.name()) +
                " (expected " + std::to_string(facts_.volume.media_bytes()) + " bytes, found " +
                std::to_string(planned_) + ")");
    }

    void unpack(std::size_t job, unsigned worker) {
        const std::size_t begin = job * slots_per_job_;
        const std::size_t end = std::min(begin + slots_per_job_, ahead_.slots.size());
        for (std::size_t i = begin; i < end; ++i) unpack_slot(i, unpackers_[worker]);
    }

    void unpack_slot(std::size_t index, EwfChunkUnpacker& unpacker) {
        Slot& slot = ahead_.slots[index];
        try {
            const MutableByteView room =
                MutableByteView(ahead_.memory)
                    .subspan(index * slot_bytes(),
                             slot.content_bytes + EwfChunkUnpacker::checksum_bytes);
            if (!unpacker.unpack(slot.place, room)) damaged_chunk(slot.place, slot.media_offset);
        } catch (...) {
            slot.failure = std::current_exception();
        }
    }

    const std::vector<EwfExtent> segments_;
    const EwfSetFacts facts_;
    EwfChunkList list_;
    const std::size_t chunk_bytes_, slots_, slots_per_job_;  // slots of a window

    Window current_, ahead_;
    std::size_t next_slot_ = 0, taken_ = 0;  // in `current_`, and of that slot
    std::uint64_t planned_ = 0;              // of the medium
    bool started_ = false, ended_ = false;
    std::exception_ptr failure_;
    std::vector<EwfChunkUnpacker> unpackers_;  // one for each worker, the first for this thread
    ChunkWorkers workers_;                     // last: stopped before the rest goes
};

EwfMediumReader::EwfMediumReader(std::vector<EwfExtent> segments, unsigned workers)
    : state_(std::make_unique<State>(std::move(segments), workers)) {}

EwfMediumReader::~EwfMediumReader() = default;

std::uint64_t EwfMediumReader::media_bytes() const { return state_->facts().volume.media_bytes(); }

unsigned EwfMediumReader::sector_bytes() const { return state_->facts().volume.sector_bytes; }

const DigestSet& EwfMediumReader::stored_digests() const { return state_->facts().digests; }

std::size_t EwfMediumReader::read(MutableByteView buffer) { return state_->read(buffer); }

}  // namespace evidence
