#include "base/file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <utility>

#include "base/error.h"

namespace evidence {
namespace {

template <typename Call>
auto retry_interrupted(Call call) {
    auto result = call();
    while (result < 0 && errno == EINTR) result = call();
    return result;
}

}  // namespace

File::~File() {
    if (fd_ >= 0) ::close(fd_);
}

File::File(File&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), name_(std::move(other.name_)) {}

File& File::operator=(File&& other) noexcept {
    if (this != &other) {
        if (fd_ >= 0) ::close(fd_);
        fd_ = std::exchange(other.fd_, -1);
        name_ = std::move(other.name_);
    }
    return *this;
}

File File::open_read(const fs::path& path) {
    // O_NONBLOCK: opening a FIFO that nobody writes must not hang; it means nothing to files.
    const int fd = retry_interrupted(
        [&] { return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); });
    if (fd < 0) throw_errno("cannot open", path.native());
    File file(fd, path.native());
    // Reading is to wait for what a pipe's writer has yet to say.
    if (::fcntl(fd, F_SETFL, 0) != 0) throw_errno("cannot open", path.native());
    return file;
}

File File::open_regular(const fs::path& path) {
    constexpr int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW;
    const int fd = retry_interrupted([&] { return ::open(path.c_str(), flags); });
    if (fd < 0 && errno != ELOOP) throw_errno("cannot open", path.native());
    File file(fd, path.native());
    struct stat status {};
    if (fd >= 0 && ::fstat(fd, &status) != 0) throw_errno("cannot examine", path.native());
    if (fd < 0 || !S_ISREG(status.st_mode)) {
        throw Error(ErrorKind::malformed, "not a regular file: " + path.native() +
                                              " (expected no link, folder, device or pipe)");
    }
    return file;
}

File File::create_new(const fs::path& path) {
    const int fd = retry_interrupted(
        [&] { return ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600); });
    if (fd < 0) throw_errno("cannot create", path.native());
    return File(fd, path.native());
}

File File::create_unnamed(const fs::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
    if (fd >= 0) return File(fd, (folder / "(unnamed)").native());
    // Some file systems (older NFS, FUSE) have no O_TMPFILE: make a name and remove it at once.
    std::string name = (folder / ".scratch-XXXXXX").native();
    const int named = ::mkostemp(name.data(), O_CLOEXEC);
    if (named < 0) throw_errno("cannot create a scratch file in", folder.native());
    ::unlink(name.c_str());
    return File(named, name);
}

File File::adopt(int fd, std::string name) { return File(fd, std::move(name)); }

std::uint64_t File::size() const {
    struct stat status {};
    if (::fstat(fd_, &status) != 0) throw_errno("cannot examine", name_);
    return static_cast<std::uint64_t>(status.st_size);
}

std::size_t File::read_some(MutableByteView buffer) {
    std::size_t done = 0;
    while (done < buffer.size()) {
        const ssize_t count = retry_interrupted(
            [&] { return ::read(fd_, buffer.data() + done, buffer.size() - done); });
        if (count < 0) throw_errno("cannot read", name_);
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

std::size_t File::read_at(MutableByteView buffer, std::uint64_t offset) const {
    std::size_t done = 0;
    while (done < buffer.size()) {
        const ssize_t count = retry_interrupted([&] {
            return ::pread(fd_, buffer.data() + done, buffer.size() - done,
                           static_cast<off_t>(offset + done));
        });
        if (count < 0) throw_errno("cannot read", name_);
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

void File::read_exactly_at(MutableByteView buffer, std::uint64_t offset) const {
    if (read_at(buffer, offset) == buffer.size()) return;
    throw Error(ErrorKind::malformed, "unexpected end of file: " + name_ + " (expected " +
                                          std::to_string(buffer.size()) + " bytes at offset " +
                                          std::to_string(offset) + ")");
}

void File::write(ByteView bytes) {
    while (!bytes.empty()) {
        const ssize_t count =
            retry_interrupted([&] { return ::write(fd_, bytes.data(), bytes.size()); });
        if (count < 0) throw_errno("cannot write", name_);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
}

void File::write_at(ByteView bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
        const ssize_t count = retry_interrupted(
            [&] { return ::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
        if (count < 0) throw_errno("cannot write", name_);
        bytes = bytes.subspan(static_cast<std::size_t>(count));
        offset += static_cast<std::uint64_t>(count);
    }
}

void File::sync() {
    if (::fsync(fd_) != 0) throw_errno("cannot make durable", name_);
}

void File::close() {
    const int fd = std::exchange(fd_, -1);
    if (fd >= 0 && ::close(fd) != 0) throw_errno("cannot close", name_);
}

bool wait_readable(int fd, int milliseconds) {
    struct pollfd waiting {
        fd, POLLIN, 0
    };
    const int ready = ::poll(&waiting, 1, milliseconds);
    return ready > 0 || (ready < 0 && errno != EINTR);  // other failures are for the read to name
}

void sync_folder(const fs::path& folder) {
    const fs::path target = folder.empty() ? fs::path(".") : folder;
    File handle = File::open_read(target);
    // Some network file systems refuse fsync on folders; nothing more can be done there.
    if (::fsync(handle.fd()) != 0 && errno != EINVAL) {
        throw_errno("cannot make durable", target.native());
    }
}

std::string read_small_file(const fs::path& path, std::size_t max_bytes) {
    return read_small_file(File::open_read(path), max_bytes);
}

std::string read_small_file(File file, std::size_t max_bytes) {
    // Grown as it is read: sizes of devices and pipes are not known, and limits are far above what
    // is usual.
    std::string text;
    std::size_t done = 0;
    while (done == text.size() && done <= max_bytes) {
        text.resize(std::min(std::max<std::size_t>(2 * done, 16 * kib), max_bytes + 1));
        done += file.read_some(
            {reinterpret_cast<std::uint8_t*>(text.data()) + done, text.size() - done});
    }
    text.resize(done);
    if (text.size() > max_bytes) {
        throw Error(ErrorKind::malformed, "file too large: " + file.name() + " (expected at most " +
                                              std::to_string(max_bytes) + " bytes)");
    }
    return text;
}

void create_folders(const fs::path& folder) {
    std::error_code ignored;  // mkdir will say it again
    if (folder.empty() || fs::is_directory(folder, ignored)) return;
    const fs::path parent = folder.parent_path();
    create_folders(parent);
    // Somebody else may have made it meanwhile; something else may have its name.
    if (::mkdir(folder.c_str(), 0700) != 0 &&
        (errno != EEXIST || !fs::is_directory(folder, ignored))) {
        throw_system_error(errno == EEXIST ? ENOTDIR : errno, "cannot create folder",
                           folder.native());
    }
    sync_folder(parent);
}

}  // namespace evidence
