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

void ObjectWriter::write(ByteView bytes, std::uint64_t offset) {
    if (bytes.size() == broadcast_slot_bytes && all_zero(bytes)) {
        leave_hole(offset, bytes.size());
        return;
    }
    // The last buffer is short, and direct writes come in whole blocks only.
    if (bytes.size() != broadcast_slot_bytes) use_page_cache();
    write_through(bytes, offset);
}

void ObjectWriter::write_through(ByteView bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
        const ssize_t count =
            ::pwrite(file_.fd(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0 && errno == EINVAL && direct_) {
            use_page_cache();  // this file system took the flag but not the write
            continue;
        }
        if (count < 0) throw_errno("cannot write", file_.name());
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
        // What is left is no whole block any more; the next write says what is wrong.
        if (!bytes.empty()) use_page_cache();
    }
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
