// Reads the content of a file or device from start to end, without asking the disk for holes.
//
// Thread rule: belongs to one thread.
#pragma once

#include <sys/stat.h>

#include "acquisition/positioned_reader.h"
#include "base/file.h"

namespace evidence {

class ContentReader {
public:
    // `file` must outlive the reader; `status` is its fstat. Reads through `reads` when given.
    ContentReader(const File& file, const struct stat& status, PositionedReader* reads = nullptr);

    struct Result {
        std::size_t bytes = 0;
        int error_number = 0;  // of the read that failed behind those bytes
    };
    // Fills the buffer from its start; fewer bytes only at the end or before an error.
    Result read(MutableByteView buffer);
    std::uint64_t position() const { return position_; }
    // Goes on behind what somebody else has read; forward only.
    void skip_to(std::uint64_t position) { position_ = position; }

private:
    void find_data();

    const File& file_;
    FileReader own_reads_;
    PositionedReader& reads_;
    std::uint64_t size_bytes_;
    std::uint64_t position_ = 0;
    std::uint64_t data_begin_ = 0;  // [position_, data_begin_) is a hole
    std::uint64_t data_end_ = 0;    // [data_begin_, data_end_) is worth reading
};

}  // namespace evidence
