// Packs the chunks of an Expert Witness (E01) image on all processors and hands them out in order:
// compressed (zlib format), or as they are with an Adler-32 behind them where that is no gain.
//
// Thread rule: belongs to one thread; has workers of its own.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

#include "base/bytes.h"

namespace evidence {

enum class EwfCompression { none, fast, best };  // chunks of zeros are compressed with all of them

std::string_view name_of(EwfCompression compression);  // "fast"
std::optional<EwfCompression> ewf_compression_named(std::string_view name);

struct EwfPackedChunk {
    // A stored chunk has `checksum_bytes` of room behind it.
    MutableByteView bytes;
    std::size_t content_bytes = 0;
    bool compressed = false;
    std::uint32_t checksum = 0;  // Adler-32 of the content of a stored chunk

    static constexpr std::size_t checksum_bytes = 4;
};

class EwfChunkPacker {
public:
    // `workers` besides the calling thread, which takes its share.
    EwfChunkPacker(std::size_t chunk_bytes, EwfCompression compression, unsigned workers);
    ~EwfChunkPacker();
    EwfChunkPacker(const EwfChunkPacker&) = delete;
    EwfChunkPacker& operator=(const EwfChunkPacker&) = delete;

    // Cuts each buffer into chunks, the last of a buffer may be shorter, and calls `take` for all
    // of them, in order and on this thread, while later ones are still being packed. Needs as much
    // memory as the largest `buffers` so far. Throws what `take` throws; no worker looks at
    // `buffers` any more then.
    void pack(std::span<const ByteView> buffers,
              const std::function<void(const EwfPackedChunk&)>& take);

private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace evidence
