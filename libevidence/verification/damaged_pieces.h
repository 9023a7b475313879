// Where an object of a case is not what was acquired: its pieces against the list beside it.
// Private to the room.
//
// Thread rule: one thread at a time; works with threads of its own.
#pragma once

#include <optional>

#include "base/context.h"
#include "base/file.h"
#include "digest/merkle_tree.h"

namespace evidence {

// pieces.txt of an item, once it was found to be the list of the acquisition record: the pieces of
// all its files, one after another.
class ListedPieces {
public:
    // nullopt when the list is not there, or is not the one with this root: then nobody knows.
    static std::optional<ListedPieces> open(const fs::path& list, const Sha256& root);

    // "2097152-3145727, 4194304-4999999": the byte ranges of the pieces of one file that differ,
    // are not there any more or were added; empty when there are none. `first` is the number of its
    // first piece in the list.
    std::string damaged_ranges(const fs::path& object, std::uint64_t size_bytes,
                               std::uint64_t first, const Context& context) const;

private:
    explicit ListedPieces(File list) : list_(std::move(list)) {}
    File list_;
};

}  // namespace evidence
