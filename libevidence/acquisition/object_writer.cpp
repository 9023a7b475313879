#include "acquisition/object_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "acquisition/zero_scan.h"
#include "base/broadcast.h"
#include "base/error.h"

namespace evidence {

ObjectWriter::ObjectWriter(const fs::path& path, std::optional<std::uint64_t> preallocate_bytes)
    : file_(File::create_new(path)) {
    const int flags = ::fcntl(file_.fd(), F_GETFL);
    direct_ = flags >= 0 && ::fcntl(file_.fd(), F_SETFL, flags | O_DIRECT) == 0;
    if (preallocate_bytes && *preallocate_bytes > 0) {
        // Only a help against fragments: without it (or without room for it) writing goes on, and
        // zeros may need less room than this.
        preallocated_ = ::fallocate(file_.fd(), 0, 0, static_cast<off_t>(*preallocate_bytes)) == 0;
        if (!preallocated_ && ::ftruncate(file_.fd(), 0) != 0) {
            throw_errno("cannot write", file_.name());
        }
    }
}

void ObjectWriter::write(std::span<const ByteView> buffers, std::uint64_t offset) {
    for (ByteView bytes : buffers) {
        if (bytes.size() == broadcast_slot_bytes && all_zero(bytes)) {
            write_run();
            leave_hole(offset, bytes.size());
        } else {
            if (run_.empty()) run_offset_ = offset;
            run_.push_back({const_cast<std::uint8_t*>(bytes.data()), bytes.size()});
        }
        offset += bytes.size();
    }
    write_run();
}

// The data between two holes in one call: one large request costs the disk (and a virtual one costs
// the host) less than many small ones.
void ObjectWriter::write_run() {
    // The last buffer of an object is short, and direct writes come in whole blocks only.
    if (!run_.empty() && run_.back().iov_len != broadcast_slot_bytes) use_page_cache();
    std::size_t first = 0;
    while (first < run_.size()) {
        const ssize_t count =
            ::pwritev(file_.fd(), run_.data() + first, static_cast<int>(run_.size() - first),
                      static_cast<off_t>(run_offset_));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EINVAL && direct_) {
            use_page_cache();  // this file system took the flag but not the write
            continue;
        }
        if (count < 0) throw_errno("cannot write", file_.name());
        first = skip_written(first, static_cast<std::size_t>(count));
    }
    run_.clear();
}

// Returns the first buffer that still has something to write.
std::size_t ObjectWriter::skip_written(std::size_t first, std::size_t count) {
    run_offset_ += count;
    while (first < run_.size() && count >= run_[first].iov_len) count -= run_[first++].iov_len;
    if (count == 0) return first;
    run_[first].iov_base = static_cast<std::uint8_t*>(run_[first].iov_base) + count;
    run_[first].iov_len -= count;
    // What is left is no whole block any more; the next write says what is wrong.
    use_page_cache();
    return first;
}

void ObjectWriter::leave_hole(std::uint64_t offset, std::uint64_t size_bytes) {
    if (!preallocated_) return;
    if (::fallocate(file_.fd(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                    static_cast<off_t>(offset), static_cast<off_t>(size_bytes)) == 0) {
        return;
    }
    // Allocated and never written reads as zeros too; it only takes room.
    preallocated_ = false;
}

void ObjectWriter::use_page_cache() {
    if (!direct_) return;
    direct_ = false;
    const int flags = ::fcntl(file_.fd(), F_GETFL);
    if (flags < 0 || ::fcntl(file_.fd(), F_SETFL, flags & ~O_DIRECT) != 0) {
        throw_errno("cannot write", file_.name());
    }
}

void ObjectWriter::finish(std::uint64_t size_bytes) {
    if (::ftruncate(file_.fd(), static_cast<off_t>(size_bytes)) != 0) {
        throw_errno("cannot write", file_.name());
    }
    file_.sync();
    // Reading back must ask the disk, not the memory.
    ::posix_fadvise(file_.fd(), 0, 0, POSIX_FADV_DONTNEED);
    file_.close();
}

}  // namespace evidence
