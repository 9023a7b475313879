#include "digest/piece_batch.h"

#include <algorithm>
#include <cstring>

#include "base/error.h"
#include "digest/crc32.h"

namespace evidence {
namespace {

// SHA-256 of 1 MiB of zeros.
constexpr Sha256 digest_of_zeros = {
    0x30, 0xe1, 0x49, 0x55, 0xeb, 0xf1, 0x35, 0x22, 0x66, 0xdc, 0x2f, 0xf8, 0x06, 0x7e, 0x68, 0x10,
    0x46, 0x07, 0xe7, 0x50, 0xab, 0xb9, 0xd3, 0xb3, 0x65, 0x82, 0xb8, 0xaf, 0x90, 0x9f, 0xcb, 0x58};

// Each byte equals the one before it and the first is zero; other data differ at once.
bool is_piece_of_zeros(ByteView piece) {
    return piece.size() == piece_bytes && piece[0] == 0 &&
           std::memcmp(piece.data(), piece.data() + 1, piece.size() - 1) == 0;
}

}  // namespace

std::size_t piece_batch_size() { return std::max<std::size_t>(8, sha256_lanes(engine_in_use())); }

PieceBatchHasher::PieceBatchHasher(PieceHasher::Sink sink, Sha256Engine engine)
    : sink_(std::move(sink)), engine_(engine) {}

void PieceBatchHasher::update(std::span<const ByteView> pieces) {
    for (ByteView piece : pieces) {
        check_size(piece);
        crc32_ = evidence::crc32(crc32_, piece);
    }
    hash(pieces);
    for (const Sha256& piece : digests_) {
        tree_.add_leaf(merkle_leaf(piece));
        if (sink_) sink_(piece);
    }
}

void PieceBatchHasher::check_size(ByteView piece) {
    if (ended_ || piece.empty() || piece.size() > piece_bytes) {
        throw Error(ErrorKind::usage,
                    "piece out of place: number " + std::to_string(count()) +
                        " and after (expected 1 MiB each, only the last shorter)");
    }
    ended_ = piece.size() < piece_bytes;
}

void PieceBatchHasher::hash(std::span<const ByteView> pieces) {
    digests_.assign(pieces.size(), digest_of_zeros);
    hashed_pieces_.clear();
    std::vector<bool> zeros(pieces.size());
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        zeros[i] = is_piece_of_zeros(pieces[i]);
        if (!zeros[i]) hashed_pieces_.push_back(pieces[i]);
    }
    hashed_digests_.resize(hashed_pieces_.size());
    sha256_many(engine_, hashed_pieces_, hashed_digests_);
    auto next = hashed_digests_.begin();
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (!zeros[i]) digests_[i] = *next++;
    }
}

}  // namespace evidence
