// Digests of the pieces of a file or stream, of any size and algorithm. The pieces of a package,
// 1 MiB and SHA-256, are the business of digest/pieces.h.
//
// Thread rule: a plain function.
#pragma once

#include <functional>

#include "base/context.h"
#include "base/file.h"
#include "digest/digest.h"

namespace evidence {

struct ListedPiece {
    std::uint64_t offset = 0, size_bytes = 0;
    std::string digest_hex;
};

// Reads `file` from its position to its end; every piece has `piece_bytes`, the last the rest of
// them. Nothing is handed out for an empty file. Returns the bytes read. Precondition:
// piece_bytes > 0.
std::uint64_t list_pieces(File& file, std::uint64_t piece_bytes, Algorithm algorithm,
                          const Context& context,
                          const std::function<void(const ListedPiece&)>& sink);

}  // namespace evidence
