#include "digest/pieces.h"

#include <algorithm>

namespace evidence {

PieceHasher::PieceHasher(Sink sink) : sink_(std::move(sink)) {}

void PieceHasher::update(ByteView bytes) {
    while (!bytes.empty()) {
        const std::size_t part = static_cast<std::size_t>(
            std::min<std::uint64_t>(bytes.size(), piece_bytes - in_piece_));
        hasher_.update(bytes.first(part));
        bytes = bytes.subspan(part);
        in_piece_ += part;
        if (in_piece_ == piece_bytes) emit();
    }
}

void PieceHasher::finish() {
    if (in_piece_ > 0) emit();
}

void PieceHasher::emit() {
    const Sha256 piece = hasher_.finish_sha256();
    in_piece_ = 0;
    tree_.add_leaf(merkle_leaf(piece));
    if (sink_) sink_(piece);
}

}  // namespace evidence
