#include "acquisition/piece_recorder.h"

#include <algorithm>

#include "base/broadcast.h"
#include "base/hex.h"
#include "digest/crc32.h"
#include "digest/sha256_lanes.h"

namespace evidence {

void PieceRecorder::add(std::span<const ByteView> pieces) {
    hash(pieces);
    std::size_t hashed = 0;
    for (ByteView piece : pieces) {
        const bool is_message =
            hashed < messages_.size() && messages_[hashed].data() == piece.data();
        const Sha256 digest = is_message ? digests_[hashed++] : digest_of_zero_piece();
        crc32_ = evidence::crc32(crc32_, piece);
        zeros_.add(piece, !is_message);
        tree_.add_leaf(merkle_leaf(digest));
        add_line(digest);
    }
}

// Whole pieces of zeros have a digest already.
void PieceRecorder::hash(std::span<const ByteView> pieces) {
    messages_.clear();
    for (ByteView piece : pieces) {
        if (piece.size() != piece_bytes || !all_zero(piece)) messages_.push_back(piece);
    }
    digests_.resize(messages_.size());
    sha256_many(messages_, digests_);
}

// The file is made when a second piece shows that the object needs one.
void PieceRecorder::add_line(const Sha256& digest) {
    std::string line = to_hex(digest);
    if (tree_.size() == 1) {
        first_line_ = std::move(line);
        return;
    }
    if (!lines_) {
        lines_.emplace(pieces_path_);
        lines_->add(first_line_);
    }
    lines_->add(line);
}

void PieceRecorder::finish() {
    if (lines_) lines_->finish();
}

std::optional<Sha256> PieceRecorder::pieces_root() const {
    if (!lines_) return std::nullopt;
    return tree_.root();
}

std::size_t best_piece_batch() {
    return std::clamp<std::size_t>(sha256_lanes(engine_in_use()), 1, broadcast_batch_limit);
}

const Sha256& digest_of_zero_piece() {
    static const Sha256 digest = sha256(ByteView(Bytes(piece_bytes)));
    return digest;
}

}  // namespace evidence
