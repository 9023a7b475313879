#include "acquisition/ewf_chunk_packer.h"

#include <libdeflate.h>

#include <algorithm>
#include <new>
#include <vector>

#include "acquisition/byte_evenness.h"
#include "acquisition/chunk_workers.h"

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
        : chunk_bytes_(chunk_bytes),
          compression_(compression),
          zeros_(packed_zeros(chunk_bytes)),
          workers_(workers) {
        for (unsigned i = 0; i <= workers; ++i) compressors_.push_back(compressor());
    }

    void pack(std::span<const ByteView> buffers,
              const std::function<void(const EwfPackedChunk&)>& take) try {
        cut(buffers);
        workers_.start(slots_used_, [this](std::size_t index, unsigned worker) {
            pack_slot(slots_[index], compressors_[worker].get());
        });
        for (std::size_t i = 0; i < slots_used_; ++i) {
            workers_.wait_for(i);
            take(slots_[i].packed);
        }
    } catch (...) {
        workers_.abandon();
        throw;
    }

private:
    struct Slot {
        ByteView content;
        Bytes memory;
        EwfPackedChunk packed;
    };

    Compressor compressor() const {
        if (compression_ == EwfCompression::none) return nullptr;
        return make_compressor(compression_ == EwfCompression::fast ? fast_level : best_level);
    }

    void cut(std::span<const ByteView> buffers) {
        slots_used_ = 0;
        for (ByteView rest : buffers) {
            while (!rest.empty()) {
                const std::size_t size = std::min(rest.size(), chunk_bytes_);
                if (slots_used_ == slots_.size()) {
                    slots_.emplace_back().memory.resize(chunk_bytes_ +
                                                        EwfPackedChunk::checksum_bytes);
                }
                slots_[slots_used_++].content = rest.first(size);
                rest = rest.subspan(size);
            }
        }
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

    const std::size_t chunk_bytes_;
    const EwfCompression compression_;
    const Bytes zeros_;                    // a whole chunk of them, packed
    std::vector<Compressor> compressors_;  // one for each worker, the first for this thread
    std::vector<Slot> slots_;
    std::size_t slots_used_ = 0;
    ChunkWorkers workers_;  // last: stopped before the rest goes
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
