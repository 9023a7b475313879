#include "acquisition/read_behind.h"

#include <algorithm>
#include <cstring>

#include "acquisition/read_back.h"
#include "digest/pieces.h"

namespace evidence {

ReadBehind::ReadBehind(fs::path folder, ObjectLayout layout, std::uint64_t compared_bytes)
    : reader_(std::move(folder), layout),
      compared_bytes_(compared_bytes),
      memory_(batch * piece_bytes) {}

void ReadBehind::compare(std::span<const ByteView> buffers, std::uint64_t offset) {
    while (!buffers.empty() && offset < compared_bytes_) {  // of an earlier acquisition
        offset += buffers.front().size();
        buffers = buffers.subspan(1);
    }
    // The last buffer of an object is short; it and what was passed over are left for later.
    if (!buffers.empty() && buffers.back().size() < piece_bytes) {
        buffers = buffers.first(buffers.size() - 1);
    }
    if (buffers.empty() || offset != compared_bytes_) return;
    const std::size_t wanted = buffers.size() * piece_bytes;
    const MutableByteView found = memory_.view().first(wanted);
    const std::size_t got = reader_.read(found, wanted, offset);
    if (!reader_.is_direct()) return;
    for (std::size_t i = 0; i < buffers.size(); ++i) {
        const std::uint64_t at = offset + i * piece_bytes;
        if (got < (i + 1) * piece_bytes ||
            std::memcmp(found.data() + i * piece_bytes, buffers[i].data(), piece_bytes) != 0) {
            throw_read_back_differs(reader_.path_at(at), at);
        }
    }
    compared_bytes_ = offset + wanted;
}

}  // namespace evidence
