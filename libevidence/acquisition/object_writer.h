// Writes an object of an item: sparse (whole pieces of zeros become holes) and past the page cache
// where the file system can, so that the data do not cost memory twice and durability costs little
// at the end.
//
// Thread rule: belongs to one thread.
#pragma once

#include <sys/uio.h>

#include <atomic>
#include <cstdint>
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
    // Goes on with an object of which `keep_bytes` are there, whole buffers; what lies behind them
    // is cut off. Error(malformed) when it is shorter or no regular file.
    static ObjectWriter reopen(const fs::path& path, std::uint64_t keep_bytes,
                               std::optional<std::uint64_t> preallocate_bytes);
    ObjectWriter(ObjectWriter&& other) noexcept;

    // Consecutive buffers: 1 MiB and page-aligned but for the last of the object, as broadcast()
    // hands them out to those who take several at a time. What was there when it was reopened is
    // not written again.
    void write(std::span<const ByteView> buffers, std::uint64_t offset);
    // What is written becomes durable from time to time: see checkpoint_distance.
    void sync_after(std::uint64_t first_bytes) { first_sync_bytes_ = first_bytes; }
    // Up to where it is durable. May be asked by any thread.
    std::uint64_t durable_bytes() const { return durable_bytes_; }
    // What was there when it was reopened.
    std::uint64_t kept_bytes() const { return kept_bytes_; }
    // Up to where it was written, by calls that returned.
    std::uint64_t written_bytes() const { return written_bytes_; }
    // After write() is over, also by an error: cuts the object and makes the rest durable.
    void cut(std::uint64_t size_bytes);
    // Sets the final size and makes the object durable. To be called once, at the end.
    void finish(std::uint64_t size_bytes);

private:
    explicit ObjectWriter(File file) : file_(std::move(file)) {}
    void prepare(std::optional<std::uint64_t> preallocate_bytes);
    void write_run();
    std::size_t skip_written(std::size_t first, std::size_t count);
    void leave_hole(std::uint64_t offset, std::uint64_t size_bytes);
    void use_page_cache();

    File file_;
    bool direct_ = false;
    bool preallocated_ = false;
    std::vector<struct iovec> run_;  // what stands between two holes, not yet written
    std::uint64_t run_offset_ = 0;
    std::uint64_t kept_bytes_ = 0, written_bytes_ = 0;
    std::optional<std::uint64_t> first_sync_bytes_;
    std::atomic<std::uint64_t> durable_bytes_ = 0;
};

}  // namespace evidence
