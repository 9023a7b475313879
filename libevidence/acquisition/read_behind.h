// Reads an object back from the disk while it is still being written, a little behind the writer,
// and compares it with the buffers it was written from, which are still there: when the last byte
// is written, all but the end is compared.
//
// Only where the disk itself can be asked (O_DIRECT): elsewhere the memory would answer. What is
// not compared here is left to read_back().
//
// Thread rule: belongs to one thread.
#pragma once

#include <span>

#include "acquisition/object_files.h"
#include "base/aligned_buffer.h"

namespace evidence {

class ReadBehind {
public:
    static constexpr std::size_t batch = 4;  // buffers of 1 MiB at a time

    // What lies before `compared_bytes`, whole pieces, is known to be right.
    ReadBehind(fs::path folder, ObjectLayout layout, std::uint64_t compared_bytes);

    // Consecutive buffers, written before. Error(io) for the first piece that differs.
    void compare(std::span<const ByteView> buffers, std::uint64_t offset);

    // Up to here, whole pieces, everything on the disk is what was written.
    std::uint64_t compared_bytes() const { return compared_bytes_; }

private:
    DirectReader reader_;
    std::uint64_t compared_bytes_;
    AlignedBuffer memory_;
};

}  // namespace evidence
