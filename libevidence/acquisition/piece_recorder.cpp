#include "acquisition/piece_recorder.h"

#include "acquisition/checkpoint_distance.h"
#include "base/hex.h"

namespace evidence {

PieceRecorder::PieceRecorder(fs::path pieces_path)
    : pieces_path_(std::move(pieces_path)),
      hasher_([this](const Sha256& piece) { digests_.push_back(piece); }) {}

void PieceRecorder::add(std::span<const ByteView> pieces) {
    digests_.clear();
    hasher_.update(pieces);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        zeros_.add(pieces[i], digests_[i] == digest_of_zero_piece());
        add_line(digests_[i]);
        if (pieces[i].size() == piece_bytes) recorded_bytes_ += piece_bytes;
    }
    if (first_sync_bytes_ && recorded_bytes_ - durable_bytes_ >=
                                 checkpoint_distance(*first_sync_bytes_, durable_bytes_)) {
        sync();
    }
}

void PieceRecorder::sync() {
    if (!lines_) return;  // one piece is none to go on from
    lines_->sync();
    durable_bytes_ = recorded_bytes_;
}

// The file is made when a second piece shows that the object needs one.
void PieceRecorder::add_line(const Sha256& digest) {
    std::string line = to_hex(digest);
    if (first_line_.empty()) {
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
    if (!lines_) return;
    lines_->finish();
    durable_bytes_ = recorded_bytes_;
}

std::optional<Sha256> PieceRecorder::pieces_root() const {
    if (!lines_) return std::nullopt;
    return hasher_.root();
}

}  // namespace evidence
