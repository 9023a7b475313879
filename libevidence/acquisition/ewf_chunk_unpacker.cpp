#include "acquisition/ewf_chunk_unpacker.h"

#include <libdeflate.h>

#include <algorithm>
#include <new>

namespace evidence {

struct EwfChunkUnpacker::State {
    std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> decompressor{
        libdeflate_alloc_decompressor(), libdeflate_free_decompressor};
    Bytes packed;
};

EwfChunkUnpacker::EwfChunkUnpacker() : state_(std::make_unique<State>()) {
    if (!state_->decompressor) throw std::bad_alloc();
}

EwfChunkUnpacker::~EwfChunkUnpacker() = default;

EwfChunkUnpacker::EwfChunkUnpacker(EwfChunkUnpacker&&) noexcept = default;

bool EwfChunkUnpacker::unpack(const EwfChunkPlace& place, MutableByteView room) {
    if (place.compressed) return inflate(place, room.first(room.size() - checksum_bytes));
    return place.size_bytes >= room.size() &&
           place.file.read_at(room, place.offset) == room.size() && ewf_checksum_is_right(room);
}

bool EwfChunkUnpacker::inflate(const EwfChunkPlace& place, MutableByteView content) {
    // No compressor needs more for what it cannot compress.
    const std::uint64_t longest = content.size() + content.size() / 8 + 1024;
    Bytes& packed = state_->packed;
    const auto size = static_cast<std::size_t>(std::min(place.size_bytes, longest));
    if (packed.size() < size) packed.resize(size);
    if (place.file.read_at(MutableByteView(packed).first(size), place.offset) != size) {
        return false;
    }
    // Without room for the length it is an error not to fill `content` exactly.
    return libdeflate_zlib_decompress(state_->decompressor.get(), packed.data(), size,
                                      content.data(), content.size(),
                                      nullptr) == LIBDEFLATE_SUCCESS;
}

}  // namespace evidence
