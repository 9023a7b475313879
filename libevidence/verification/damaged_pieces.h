// Where an object of a case is not what was acquired: its pieces against the list beside it.
// Private to the room.
//
// Thread rule: plain function.
#pragma once

#include "base/context.h"
#include "base/file.h"
#include "digest/merkle_tree.h"

namespace evidence {

// What the acquisition record says about an object.
struct AcquiredPieces {
    std::uint64_t size_bytes = 0;
    Sha256 root{};
};

// "2097152-3145727, 4194304-4999999": the byte ranges of the pieces that differ, are not there any
// more or were added. Empty when the list is not there, or is not the one with this root: then
// nobody knows.
std::string damaged_ranges(const fs::path& object, const fs::path& pieces,
                           const AcquiredPieces& acquired, const Context& context);

}  // namespace evidence
