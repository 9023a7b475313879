#include "digest/hash_batch.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

namespace evidence {
namespace {

constexpr std::size_t batch_files = 64;
constexpr std::size_t batch_text_bytes = 64 * 1024;  // may be passed by one name

// O_NONBLOCK: a FIFO that takes the place of a file must not hang the worker.
constexpr int open_flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;

FileOutcome outcome_of(mode_t mode) {
    if (S_ISREG(mode) || S_ISBLK(mode)) return FileOutcome::hashed;
    if (S_ISDIR(mode)) return FileOutcome::folder;
    return FileOutcome::special;
}

}  // namespace

void HashBatch::clear() {
    text_.clear();
    files_.clear();
    folder_ = evidence::File();
    folder_path_.clear();
}

bool HashBatch::is_full() const {
    return files_.size() >= batch_files || text_.size() >= batch_text_bytes;
}

HashBatch::File& HashBatch::add(std::string_view name, std::string_view remark) {
    File& file = files_.emplace_back();
    file.name_at = text_.size();
    file.name_bytes = name.size();
    file.remark_bytes = remark.size();
    text_.append(name).append(1, '\0').append(remark).append(1, '\0');
    return file;
}

int HashBatch::set_folder(int fd, std::string_view path) {
    const int own = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (own < 0) return errno;
    folder_ = evidence::File::adopt(own, {});
    folder_path_ = path;
    return 0;
}

HashedFile HashBatch::result(const File& file) const {
    const std::string_view text(text_);
    return {text.substr(file.name_at, file.name_bytes),
            text.substr(file.name_at + file.name_bytes + 1, file.remark_bytes), file.outcome,
            file.error_number, file.digests};
}

evidence::File HashBatch::open(const File& file, int& error_number) const {
    const char* name = text_.c_str() + file.name_at;
    int folder_fd = AT_FDCWD;
    int flags = open_flags;
    if (file.source == Source::entry) {
        name += file.name_bytes - file.entry_bytes;
        folder_fd = folder_.fd();
        flags |= O_NOFOLLOW;
    }
    // Without a change to the access time where that is allowed (own files, or root).
    int fd = ::openat(folder_fd, name, flags | O_NOATIME);
    if (fd < 0 && errno == EPERM) fd = ::openat(folder_fd, name, flags);
    error_number = fd < 0 ? errno : 0;
    return evidence::File::adopt(fd, {});
}

void HashBatch::work_on(File& file, FileHasher& hasher, LaneFiles& lanes) const {
    if (file.source == Source::none) return;
    evidence::File opened;
    int fd = file.fd;
    std::optional<std::uint64_t> expected_bytes;
    if (file.source == Source::path) {
        // Opening a device can have effects of its own, so what a user's path leads to is looked
        // at before.
        struct stat status {};
        if (::stat(text_.c_str() + file.name_at, &status) == 0) {
            file.outcome = outcome_of(status.st_mode);
            if (file.outcome != FileOutcome::hashed) return;
        }
    }
    if (file.source != Source::stream) {
        opened = open(file, file.error_number);
        fd = opened.fd();
        struct stat status {};
        if (fd >= 0 && ::fstat(fd, &status) != 0) file.error_number = errno;
        if (file.error_number != 0) {
            file.outcome = FileOutcome::unreadable;
            return;
        }
        file.outcome = outcome_of(status.st_mode);
        if (file.outcome != FileOutcome::hashed) return;
        if (S_ISREG(status.st_mode)) expected_bytes = static_cast<std::uint64_t>(status.st_size);
    }
    digest(fd, expected_bytes, file, hasher, lanes);
    if (file.error_number != 0) file.outcome = FileOutcome::unreadable;
}

void HashBatch::digest(int fd, std::optional<std::uint64_t> expected_bytes, File& file,
                       FileHasher& hasher, LaneFiles& lanes) const {
    if (lanes.takes(expected_bytes, file.algorithms)) {
        const LaneFiles::Reading read = lanes.take(fd, file.digests);
        file.error_number = read.error_number;
        if (lanes.is_full()) lanes.finish();
        if (read.taken != LaneFiles::Taken::grew) return;
    }
    file.error_number = hasher.hash(fd, expected_bytes, file.algorithms, file.digests);
}

}  // namespace evidence
