#include "acquisition/ewf_chunk_packer.h"

#include <libdeflate.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "acquisition/byte_evenness.h"

namespace evidence {
namespace {

constexpr std::string_view compression_names[] = {"none", "fast", "best"};

constexpr int fast_level = 1, best_level = 9;

struct CompressorDeleter {
    void operator()(libdeflate_compressor* compressor) const {
        libdeflate_free_compressor(compressor);
    }
};
using Compressor = std::unique_ptr<libdeflate_compressor, CompressorDeleter>;

Compressor make_compressor(int level) {
    Compressor compressor(libdeflate_alloc_compressor(level));
    if (!compressor) throw std::bad_alloc();
    return compressor;
}

Bytes packed_zeros(std::size_t chunk_bytes) {
    const Compressor compressor = make_compressor(best_level);
    const Bytes zeros(chunk_bytes);
    Bytes packed(libdeflate_zlib_compress_bound(compressor.get(), chunk_bytes));
    packed.resize(libdeflate_zlib_compress(compressor.get(), zeros.data(), zeros.size(),
                                           packed.data(), packed.size()));
    return packed;
}

}  // namespace

class EwfChunkPacker::State {
public:
    State(std::size_t chunk_bytes, EwfCompression compression, unsigned workers)
        : chunk_bytes_(chunk_bytes), compression_(compression), zeros_(packed_zeros(chunk_bytes)) {
        own_compressor_ = compressor();
        for (unsigned i = 0; i < workers; ++i) compressors_.push_back(compressor());
        try {
            for (const Compressor& compressor : compressors_) {
                workers_.emplace_back([this, &compressor] { work(compressor.get()); });
            }
        } catch (...) {
            stop();  // no thread could be started
            throw;
        }
    }

    ~State() { stop(); }

    void pack(std::span<const ByteView> buffers,
              const std::function<void(const EwfPackedChunk&)>& take) try {
        start(buffers);
        for (std::size_t i = 0; i < slots_used_; ++i) {
            wait_for(i);
            take(slots_[i].packed);
        }
    } catch (...) {
        abandon();
        throw;
    }

private:
    struct Slot {
        ByteView content;
        Bytes memory;
        EwfPackedChunk packed;
        bool done = false;
    };

    Compressor compressor() const {
        if (compression_ == EwfCompression::none) return nullptr;
        return make_compressor(compression_ == EwfCompression::fast ? fast_level : best_level);
    }

    void start(std::span<const ByteView> buffers) {
        const std::lock_guard lock(mutex_);
        slots_used_ = next_ = 0;
        for (ByteView rest : buffers) {
            while (!rest.empty()) {
                const std::size_t size = std::min(rest.size(), chunk_bytes_);
                if (slots_used_ == slots_.size()) {
                    slots_.emplace_back().memory.resize(chunk_bytes_ +
                                                        EwfPackedChunk::checksum_bytes);
                }
                Slot& slot = slots_[slots_used_++];
                slot.content = rest.first(size);
                slot.done = false;
                rest = rest.subspan(size);
            }
        }
        work_is_there_.notify_all();
    }

    // Packs others while this one is being packed by somebody else.
    void wait_for(std::size_t index) {
        std::unique_lock lock(mutex_);
        while (!slots_[index].done && !failure_) {
            if (next_ < slots_used_) {
                pack_next(lock, own_compressor_.get());
            } else {
                one_is_done_.wait(lock);
            }
        }
        if (failure_) std::rethrow_exception(failure_);
    }

    void work(libdeflate_compressor* compressor) {
        std::unique_lock lock(mutex_);
        for (;;) {
            work_is_there_.wait(lock, [this] { return stopping_ || next_ < slots_used_; });
            if (stopping_) return;
            pack_next(lock, compressor);
            one_is_done_.notify_one();
        }
    }

    void pack_next(std::unique_lock<std::mutex>& lock, libdeflate_compressor* compressor) {
        Slot& slot = slots_[next_++];
        ++busy_;
        lock.unlock();
        std::exception_ptr failure;
        try {
            pack_slot(slot, compressor);
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        --busy_;
        slot.done = true;
        if (failure && !failure_) failure_ = failure;
    }

    void pack_slot(Slot& slot, libdeflate_compressor* compressor) const {
        const ByteView content = slot.content;
        slot.packed = {{}, content.size(), true, 0};
        if (content.size() == chunk_bytes_ && all_zero(content)) {
            std::copy(zeros_.begin(), zeros_.end(), slot.memory.begin());
            slot.packed.bytes = MutableByteView(slot.memory).first(zeros_.size());
            return;
        }
        const bool try_it =
            compressor && !(compression_ == EwfCompression::fast && looks_like_noise(content));
        const std::size_t size =
            try_it ? libdeflate_zlib_compress(compressor, content.data(), content.size(),
                                              slot.memory.data(), content.size() - 1)
                   : 0;
        if (size > 0) {
            slot.packed.bytes = MutableByteView(slot.memory).first(size);
            return;
        }
        std::copy(content.begin(), content.end(), slot.memory.begin());
        slot.packed.bytes = MutableByteView(slot.memory).first(content.size());
        slot.packed.compressed = false;
        slot.packed.checksum = libdeflate_adler32(1, content.data(), content.size());
    }

    // Nobody touches the buffers once this returns.
    void abandon() {
        std::unique_lock lock(mutex_);
        next_ = slots_used_;
        one_is_done_.wait(lock, [this] { return busy_ == 0; });
    }

    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stopping_ = true;
        }
        work_is_there_.notify_all();
        workers_.clear();
    }

    const std::size_t chunk_bytes_;
    const EwfCompression compression_;
    const Bytes zeros_;  // a whole chunk of them, packed
    Compressor own_compressor_;
    std::vector<Compressor> compressors_;

    std::mutex mutex_;
    std::condition_variable work_is_there_, one_is_done_;
    std::vector<Slot> slots_;
    std::size_t slots_used_ = 0, next_ = 0, busy_ = 0;
    std::exception_ptr failure_;
    bool stopping_ = false;
    std::vector<std::jthread> workers_;  // last: joined before the rest goes
};

EwfChunkPacker::EwfChunkPacker(std::size_t chunk_bytes, EwfCompression compression,
                               unsigned workers)
    : state_(std::make_unique<State>(chunk_bytes, compression, workers)) {}

EwfChunkPacker::~EwfChunkPacker() = default;

void EwfChunkPacker::pack(std::span<const ByteView> buffers,
                          const std::function<void(const EwfPackedChunk&)>& take) {
    state_->pack(buffers, take);
}

std::string_view name_of(EwfCompression compression) {
    return compression_names[static_cast<std::size_t>(compression)];
}

std::optional<EwfCompression> ewf_compression_named(std::string_view name) {
    for (const EwfCompression each :
         {EwfCompression::none, EwfCompression::fast, EwfCompression::best}) {
        if (name_of(each) == name) return each;
    }
    return std::nullopt;
}

}  // namespace evidence
