// Writes an object of an item: sparse (whole pieces of zeros become holes) and past the page cache
// where the file system can, so that the data do not cost memory twice and durability costs little
// at the end.
//
// Thread rule: belongs to one thread.
#pragma once

#include <optional>

#include "base/file.h"

namespace evidence {

class ObjectWriter {
public:
    // With a size, its space is allocated at once where that is possible; the object may still
    // come out shorter or longer.
    ObjectWriter(const fs::path& path, std::optional<std::uint64_t> preallocate_bytes);

    // Consecutive buffers: 1 MiB and page-aligned but for the last, as broadcast() hands them out.
    void write(ByteView bytes, std::uint64_t offset);
    // Sets the final size and makes the object durable. To be called once, at the end.
    void finish(std::uint64_t size_bytes);

private:
    void write_through(ByteView bytes, std::uint64_t offset);
    void leave_hole(std::uint64_t offset, std::uint64_t size_bytes);
    void use_page_cache();

    File file_;
    bool direct_ = false;
    bool preallocated_ = false;
};

}  // namespace evidence
