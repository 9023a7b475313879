#include "acquisition/object_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "acquisition/checkpoint_distance.h"
#include "acquisition/zero_scan.h"
#include "base/broadcast.h"
#include "base/error.h"

namespace evidence {

ObjectWriter::ObjectWriter(const fs::path& path, std::optional<std::uint64_t> preallocate_bytes)
    : file_(File::create_new(path)) {
    prepare(preallocate_bytes);
}

ObjectWriter::ObjectWriter(ObjectWriter&& other) noexcept
    : file_(std::move(other.file_)),
      direct_(other.direct_),
      preallocated_(other.preallocated_),
      kept_bytes_(other.kept_bytes_),
      written_bytes_(other.written_bytes_),
      durable_bytes_(other.durable_bytes_.load()) {}

ObjectWriter ObjectWriter::reopen(const fs::path& path, std::uint64_t keep_bytes,
                                  std::optional<std::uint64_t> preallocate_bytes) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) throw_errno("cannot open", path.native());
    ObjectWriter writer(File::adopt(fd, path.native()));
    struct stat status {};
    if (::fstat(fd, &status) != 0) throw_errno("cannot examine", path.native());
    if (!S_ISREG(status.st_mode) || static_cast<std::uint64_t>(status.st_size) < keep_bytes) {
        throw Error(ErrorKind::malformed,
                    "unfinished object is shorter than it was: " + path.native() +
                        " (expected at least " + std::to_string(keep_bytes) + " bytes)");
    }
    writer.kept_bytes_ = writer.written_bytes_ = keep_bytes;
    writer.cut(keep_bytes);
    writer.prepare(preallocate_bytes);
    return writer;
}

void ObjectWriter::prepare(std::optional<std::uint64_t> preallocate_bytes) {
    const int flags = ::fcntl(file_.fd(), F_GETFL);
    direct_ = flags >= 0 && ::fcntl(file_.fd(), F_SETFL, flags | O_DIRECT) == 0;
    if (preallocate_bytes && *preallocate_bytes > 0) {
        // Only a help against fragments: without it (or without room for it) writing goes on, and
        // zeros may need less room than this.
        const auto kept = static_cast<off_t>(kept_bytes_);
        preallocated_ =
            kept < static_cast<off_t>(*preallocate_bytes) &&
            ::fallocate(file_.fd(), 0, kept, static_cast<off_t>(*preallocate_bytes) - kept) == 0;
        if (!preallocated_ && ::ftruncate(file_.fd(), kept) != 0) {
            throw_errno("cannot write", file_.name());
        }
    }
}

void ObjectWriter::write(std::span<const ByteView> buffers, std::uint64_t offset) {
    for (ByteView bytes : buffers) {
        if (offset + bytes.size() <= kept_bytes_) {
            offset += bytes.size();
            continue;
        }
        if (bytes.size() == broadcast_slot_bytes && all_zero(bytes)) {
            write_run();
            leave_hole(offset, bytes.size());
        } else {
            if (run_.empty()) run_offset_ = offset;
            run_.push_back({const_cast<std::uint8_t*>(bytes.data()), bytes.size()});
        }
        offset += bytes.size();
    }
    const bool ends_in_hole = run_.empty() && offset > written_bytes_;
    write_run();
    // What counts as written is there, also when nothing but holes follows for long.
    if (ends_in_hole && !preallocated_ &&
        ::ftruncate(file_.fd(), static_cast<off_t>(offset)) != 0) {
        throw_errno("cannot write", file_.name());
    }
    written_bytes_ = std::max(written_bytes_, offset);
    if (!first_sync_bytes_ ||
        written_bytes_ - durable_bytes_ < checkpoint_distance(*first_sync_bytes_, durable_bytes_)) {
        return;
    }
    if (::fdatasync(file_.fd()) != 0) throw_errno("cannot write", file_.name());
    durable_bytes_ = written_bytes_;
}

void ObjectWriter::cut(std::uint64_t size_bytes) {
    if (::ftruncate(file_.fd(), static_cast<off_t>(size_bytes)) != 0) {
        throw_errno("cannot write", file_.name());
    }
    file_.sync();
    written_bytes_ = size_bytes;
    durable_bytes_ = size_bytes;
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
    written_bytes_ = std::max(written_bytes_, run_offset_);
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
    written_bytes_ = size_bytes;
    durable_bytes_ = size_bytes;
}

}  // namespace evidence
