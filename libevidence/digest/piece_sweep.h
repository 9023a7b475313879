// The piece digests of pieces.h on all processors at once: an object is cut into runs of pieces,
// each processor takes the next run, reads it and hashes its pieces side by side
// (sha256_lanes.h). One long digest cannot be shared out like that; this is what makes a quick look
// at a large image quick.
//
// Thread rule: a plain function; works with threads of its own.
#pragma once

#include <functional>

#include "base/context.h"
#include "base/file.h"
#include "digest/pieces.h"

namespace evidence {

// Where the bytes come from; both are called by several threads at once.
struct PieceSource {
    // Fills the buffer with the bytes from `offset` on and returns how many there were.
    std::function<std::size_t(MutableByteView buffer, std::uint64_t offset)> read;
    // What will be read next, in no order; may be empty.
    std::function<void(std::uint64_t offset, std::uint64_t size_bytes)> announce = {};
};

// The bytes of a file from `offset` on. The file must outlive it.
PieceSource pieces_of_file(const File& file, std::uint64_t offset);

// Calls `sink` on this thread with the digest of every piece, in order, and reports progress in
// bytes. Returns how many bytes there were: less than `size_bytes` when the source ended before;
// what lies behind that has no digest then. Needs little more than 1 MiB for each processor. Throws
// what source and sink throw, Error(interrupted).
std::uint64_t sweep_pieces(std::uint64_t size_bytes, const PieceSource& source,
                           const PieceHasher::Sink& sink, const Context& context);

}  // namespace evidence
