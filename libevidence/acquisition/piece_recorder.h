// The digests of an object's 1 MiB pieces, its CRC-32 and its zeros, in one pass; writes pieces.txt
// for objects over 1 MiB.
#pragma once

#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "acquisition/line_file.h"
#include "acquisition/zero_scan.h"
#include "digest/piece_batch.h"

namespace evidence {

class PieceRecorder {
public:
    explicit PieceRecorder(fs::path pieces_path);
    PieceRecorder(const PieceRecorder&) = delete;
    PieceRecorder& operator=(const PieceRecorder&) = delete;

    // Consecutive pieces: 1 MiB each but for the last of all, as broadcast() hands them out.
    // Several at once are hashed side by side.
    void add(std::span<const ByteView> pieces);
    // What is in pieces.txt becomes durable from time to time: see checkpoint_distance.
    void sync_after(std::uint64_t first_bytes) { first_sync_bytes_ = first_bytes; }
    // After add() is over. Makes the digests of all pieces so far durable, which are whole ones.
    void sync();
    // Up to where they are durable. May be asked by any thread.
    std::uint64_t durable_bytes() const { return durable_bytes_; }
    // Makes pieces.txt durable. To be called once, at the end.
    void finish();

    std::uint32_t crc32() const { return hasher_.crc32(); }
    ZeroReport zeros() const { return zeros_.report(); }
    std::optional<Sha256> pieces_root() const;  // of objects over 1 MiB

private:
    void add_line(const Sha256& digest);

    fs::path pieces_path_;
    std::vector<Sha256> digests_;  // of a batch
    PieceBatchHasher hasher_;
    std::optional<LineFile> lines_;
    std::string first_line_;
    ZeroScan zeros_;
    std::optional<std::uint64_t> first_sync_bytes_;
    std::uint64_t recorded_bytes_ = 0;
    std::atomic<std::uint64_t> durable_bytes_ = 0;
};

}  // namespace evidence
