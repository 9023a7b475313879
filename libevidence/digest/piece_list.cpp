#include "digest/piece_list.h"

#include <algorithm>

#include "base/hex.h"

namespace evidence {
namespace {

constexpr std::size_t buffer_bytes = mib;

}  // namespace

std::uint64_t list_pieces(File& file, std::uint64_t piece_bytes, Algorithm algorithm,
                          const Context& context,
                          const std::function<void(const ListedPiece&)>& sink) {
    Bytes buffer(buffer_bytes);
    Hasher hasher(algorithm);
    ListedPiece piece;
    const auto end_piece = [&] {
        piece.digest_hex = to_hex(hasher.finish());
        sink(piece);
        piece = {piece.offset + piece.size_bytes, 0, {}};
    };
    while (true) {
        context.check_interrupted();
        const std::uint64_t wanted =
            std::min<std::uint64_t>(buffer.size(), piece_bytes - piece.size_bytes);
        const std::size_t got =
            file.read_some(MutableByteView(buffer).first(static_cast<std::size_t>(wanted)));
        hasher.update(ByteView(buffer).first(got));
        piece.size_bytes += got;
        context.progress.advance(got);
        if (piece.size_bytes == piece_bytes) end_piece();
        if (got < wanted) break;
    }
    if (piece.size_bytes > 0) end_piece();
    return piece.offset;
}

}  // namespace evidence
