#include "digest/piece_batch.h"

#include <algorithm>

#include "base/error.h"
#include "digest/crc32.h"

namespace evidence {
namespace {

constexpr Sha256 zero_piece_digest = {
    0x30, 0xe1, 0x49, 0x55, 0xeb, 0xf1, 0x35, 0x22, 0x66, 0xdc, 0x2f, 0xf8, 0x06, 0x7e, 0x68, 0x10,
    0x46, 0x07, 0xe7, 0x50, 0xab, 0xb9, 0xd3, 0xb3, 0x65, 0x82, 0xb8, 0xaf, 0x90, 0x9f, 0xcb, 0x58};

bool is_piece_of_zeros(ByteView piece) { return piece.size() == piece_bytes && all_zero(piece); }

}  // namespace

std::size_t piece_batch_size() { return std::max<std::size_t>(8, sha256_lanes(engine_in_use())); }

const Sha256& digest_of_zero_piece() { return zero_piece_digest; }

void hash_pieces(std::span<const ByteView> pieces, std::vector<Sha256>& digests,
                 Sha256Engine engine) {
    digests.assign(pieces.size(), zero_piece_digest);
    std::vector<ByteView> messages;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        if (is_piece_of_zeros(pieces[i])) continue;
        messages.push_back(pieces[i]);
        places.push_back(i);
    }
    std::vector<Sha256> found(messages.size());
    sha256_many(engine, messages, found);
    for (std::size_t i = 0; i < found.size(); ++i) digests[places[i]] = found[i];
}

PieceBatchHasher::PieceBatchHasher(PieceHasher::Sink sink, Sha256Engine engine)
    : sink_(std::move(sink)), engine_(engine) {}

void PieceBatchHasher::update(std::span<const ByteView> pieces) {
    for (ByteView piece : pieces) {
        check_size(piece);
        crc32_ = evidence::crc32(crc32_, piece);
    }
    hash_pieces(pieces, digests_, engine_);
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

}  // namespace evidence
