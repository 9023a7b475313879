// Writes an object of an item: sparse (whole pieces of zeros become holes) and past the page cache
// where the file system can, so that the data do not cost memory twice and durability costs little
// at the end.
//
// Thread rule: belongs to one thread.
#pragma once

#include <sys/uio.h>

#include <optional>
#include <span>
#include <vector>

#include "base/file.h"

namespace evidence {

class ObjectWriter {
public:
    // With a size, its space is allocated at once where that is possible; the object may still
    // come out shorter or longer.
    ObjectWriter(const fs::path& path, std::optional<std::uint64_t> preallocate_bytes);

    // Consecutive buffers: 1 MiB and page-aligned but for the last of the object, as broadcast()
    // hands them out to those who take several at a time.
    void write(std::span<const ByteView> buffers, std::uint64_t offset);
    // Sets the final size and makes the object durable. To be called once, at the end.
    void finish(std::uint64_t size_bytes);

private:
    void write_run();
    std::size_t skip_written(std::size_t first, std::size_t count);
    void leave_hole(std::uint64_t offset, std::uint64_t size_bytes);
    void use_page_cache();

    File file_;
    bool direct_ = false;
    bool preallocated_ = false;
    std::vector<struct iovec> run_;  // what stands between two holes, not yet written
    std::uint64_t run_offset_ = 0;
};

}  // namespace evidence
