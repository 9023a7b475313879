// Where the bytes of an object are: in one file, or in segments that are equally long but for the
// last (split images).
//
//   image.img    image.000 image.001 image.002 ..
//
// Thread rule: plain functions and values; may be used by several threads.
#pragma once

#include <atomic>
#include <optional>

#include "acquisition/item_files.h"

namespace evidence {

struct ObjectLayout {
    ItemKind kind{};
    std::optional<std::uint64_t> segment_bytes;  // whole pieces; nullopt: one file

    std::size_t segment_at(std::uint64_t offset) const;
    std::uint64_t segment_start(std::size_t number) const;
    std::string file_name(std::size_t segment) const;
    // How many files an object of this size has; at least one.
    std::size_t segments_of(std::uint64_t size_bytes) const;
    // Of one of them.
    std::uint64_t segment_size(std::size_t number, std::uint64_t size_bytes) const;
};

// Reads the files past the page cache where that is possible: the disk is asked, not the memory.
class DirectReader {
public:
    DirectReader(fs::path folder, ObjectLayout layout);

    // Fills `wanted` bytes of a page-aligned buffer of whole pages; fewer at the end of a file that
    // is too short. Error(io).
    std::size_t read(MutableByteView buffer, std::size_t wanted, std::uint64_t offset);
    // False once the page cache had to be used.
    bool is_direct() const { return direct_; }
    fs::path path_at(std::uint64_t offset) const;

private:
    std::size_t read_segment(MutableByteView buffer, std::size_t wanted, std::uint64_t offset);

    fs::path folder_;
    ObjectLayout layout_;
    std::atomic<bool> direct_ = true;
};

}  // namespace evidence
