// Reading at a position, as pread(2) does: the seam where a device that hangs is given up and where
// a test or a drill puts a device of its own.
//
// Thread rule: as the implementation says.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/file.h"

namespace evidence {

class PositionedReader {
public:
    virtual ~PositionedReader() = default;
    // The number of bytes read, 0 at the end, or -errno. Never throws for a failed read.
    virtual ssize_t read_at(MutableByteView buffer, std::uint64_t offset) = 0;
};

// An open file or device. Thread rule: may be used by several threads.
class FileReader : public PositionedReader {
public:
    explicit FileReader(const File& file) : file_(file) {}  // which must outlive it
    ssize_t read_at(MutableByteView buffer, std::uint64_t offset) override;

private:
    const File& file_;
};

// Asks `first`, and `second` where the first one cannot be asked so (EINVAL: a direct read of less
// than the disk below a file system reads at once). Both must outlive it.
class ReaderWithFallback : public PositionedReader {
public:
    ReaderWithFallback(PositionedReader& first, PositionedReader& second)
        : first_(first), second_(second) {}
    ssize_t read_at(MutableByteView buffer, std::uint64_t offset) override;

private:
    PositionedReader& first_;
    PositionedReader& second_;
};

}  // namespace evidence
