// The digests of an object's 1 MiB pieces, its CRC-32 and its zeros, in one pass; writes pieces.txt
// for objects over 1 MiB.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "acquisition/line_file.h"
#include "acquisition/zero_scan.h"
#include "digest/pieces.h"

namespace evidence {

class PieceRecorder {
public:
    explicit PieceRecorder(fs::path pieces_path) : pieces_path_(std::move(pieces_path)) {}

    // Consecutive pieces: 1 MiB each but for the last of all, as broadcast() hands them out.
    // Several at once are hashed side by side.
    void add(std::span<const ByteView> pieces);
    // Makes pieces.txt durable. To be called once, at the end.
    void finish();

    std::uint32_t crc32() const { return crc32_; }
    ZeroReport zeros() const { return zeros_.report(); }
    std::optional<Sha256> pieces_root() const;  // of objects over 1 MiB

private:
    void hash(std::span<const ByteView> pieces);
    void add_line(const Sha256& digest);

    std::vector<ByteView> messages_;  // of a batch, without the pieces of zeros
    std::vector<Sha256> digests_;
    fs::path pieces_path_;
    std::optional<LineFile> lines_;
    std::string first_line_;
    MerkleTree tree_;
    std::uint32_t crc32_ = 0;
    ZeroScan zeros_;
};

// How many pieces at once are best for this processor.
std::size_t best_piece_batch();

// SHA-256 of 1 MiB of zeros, which sparse images are full of.
const Sha256& digest_of_zero_piece();

}  // namespace evidence
