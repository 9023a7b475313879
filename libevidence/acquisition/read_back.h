// Reads a written object back from the disk and compares every piece with the digest taken while
// it was written, on all cores.
//
// Thread rule: plain functions; work with threads of their own.
#pragma once

#include "acquisition/object_files.h"
#include "base/context.h"

namespace evidence {

struct ObjectToCompare {
    fs::path folder;  // with the files of the object
    ObjectLayout layout;
    std::uint64_t size_bytes = 0;
    fs::path pieces;               // a list of the piece digests
    std::string only_piece;        // instead, of objects up to 1 MiB
    std::uint64_t from_bytes = 0;  // what lies before, whole pieces, was compared already
};

// Error(io) names the first piece that differs; also when the files are not as long as they have to
// be.
void read_back(const ObjectToCompare& object, const Context& context);

// The same for the first `size_bytes` of an object that may be longer, whole pieces.
void read_back_beginning(const ObjectToCompare& object, const Context& context);

// What is thrown for the piece at `byte`.
[[noreturn]] void throw_read_back_differs(const fs::path& file, std::uint64_t byte);

}  // namespace evidence
