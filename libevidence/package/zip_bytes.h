// Reading the raw bytes of a ZIP: bounded ranges, numbers, and where the fields of its headers
// stand (PKWARE APPNOTE 4.3.7 and 4.3.12). Private to the room.
#pragma once

#include <string>
#include <string_view>

#include "base/file.h"

namespace evidence {

// Offsets of fields common to both headers, counted from "version needed".
inline constexpr std::size_t field_crc32 = 10, field_stored_size = 14, field_name_length = 22,
                             field_extra_length = 24;
inline constexpr std::size_t local_fields_at = 4, directory_fields_at = 6;
inline constexpr std::size_t field_comment_length_at = 32,
                             field_offset_at = 42;  // of a directory record

// A little-endian number of `width` bytes; they must be there.
std::uint64_t load(std::string_view bytes, std::size_t at, std::size_t width);

// The bytes [offset, offset + size) as far as the file has them.
std::string read_range(const File& file, std::uint64_t offset, std::size_t size);

// Reads [position, end) of a file forward in large steps.
class ForwardReader {
public:
    ForwardReader(const File& file, std::uint64_t position, std::uint64_t end)
        : file_(file), position_(position), end_(end) {}

    // The next `size` bytes, valid until the next call; shorter only at the end.
    std::string_view next(std::size_t size);
    // Where the next byte stands.
    std::uint64_t position() const { return position_ - (buffer_.size() - start_); }

private:
    void refill(std::size_t size);

    const File& file_;
    std::uint64_t position_, end_;  // of what is not in the buffer yet
    std::string buffer_;
    std::size_t start_ = 0;
};

}  // namespace evidence
