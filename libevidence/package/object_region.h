// Measuring what becomes an object of its own: a stretch of an object in whole pieces, or a file
// from outside.
//
// Thread rule: plain functions.
#pragma once

#include "base/context.h"
#include "package/content_facts.h"
#include "package/package_writer.h"
#include "package/zip_profile.h"

namespace evidence {

struct ByteRange {
    std::uint64_t first = 0, end = 0;
};

struct RegionFacts {
    RecordedObject facts;  // sha256; pieces_root when over 1 MiB
    std::uint64_t list_offset =
        0;  // in the file: the region's lines of the object's list of pieces
    ContentFacts list;
};

// Holds a list of pieces against pieces_root in `whole`; Error(malformed) when it differs.
void require_piece_list(const File& file, const ZipEntry& list, const RecordedObject& whole);

// Reads the region and holds every piece of it against its line in `list`. Error(malformed) when
// one differs. Preconditions: require_piece_list() passed; `range` begins at a piece, and ends at
// one or at the end of the object.
RegionFacts read_region(const File& file, const ZipEntry& object, const ZipEntry& list,
                        ByteRange range, const Context& context);

// All of a file; its list of pieces goes to `pieces` when it has more than 1 MiB, and is finished.
// Error(io) when it cannot be read, Error(malformed) when it becomes shorter meanwhile.
RecordedObject measure_object(const File& file, Spool& pieces, const Context& context);

}  // namespace evidence
