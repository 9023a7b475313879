#include "acquisition/source.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/error.h"

namespace evidence {
namespace {

constexpr unsigned default_sector_bytes = 512;

int open_quietly(const std::string& path) {
    constexpr int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
    const int fd = ::open(path.c_str(), flags | O_NOATIME);
    return fd >= 0 || errno != EPERM ? fd : ::open(path.c_str(), flags);
}

std::string resolved(const std::string& argument) {
    std::error_code failed;
    const fs::path path = fs::canonical(argument, failed);
    if (failed) throw_system_error(failed.value(), "cannot open", argument);
    return path.native();
}

[[noreturn]] void refuse_type(const std::string& argument) {
    throw Error(ErrorKind::usage,
                "cannot acquire: " + argument +
                    " (expected a file, a block device, a folder or - for a stream)",
                "pipe it in and name - as the source");
}

Source open_stream() {
    const int fd = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
    if (fd < 0) throw_errno("cannot read", "standard input");
    if (::isatty(fd) == 1) {
        throw Error(ErrorKind::usage, "standard input is a terminal (expected a pipe or a file)");
    }
    Source source{ItemKind::stream, "-", File::adopt(fd, "standard input"), {}, {}, {}};
    if (::fstat(fd, &source.status) != 0) throw_errno("cannot examine", "standard input");
    return source;
}

}  // namespace

unsigned Source::sector_bytes() const {
    return device && device->logical_sector_bytes > 0 ? device->logical_sector_bytes
                                                      : default_sector_bytes;
}

Source open_source(const std::string& argument) {
    if (argument == "-") return open_stream();
    Source source;
    source.path = resolved(argument);
    // Look before opening: opening a tape or a FIFO is an action in itself.
    if (::stat(source.path.c_str(), &source.status) != 0) throw_errno("cannot open", argument);
    const mode_t mode = source.status.st_mode;
    if (!S_ISREG(mode) && !S_ISBLK(mode) && !S_ISDIR(mode)) refuse_type(argument);
    const int fd = open_quietly(source.path);
    if (fd < 0) throw_errno("cannot open", argument);
    source.file = File::adopt(fd, source.path);
    if (::fstat(fd, &source.status) != 0) throw_errno("cannot examine", argument);
    if ((source.status.st_mode & S_IFMT) != (mode & S_IFMT)) refuse_type(argument);
    if (S_ISREG(mode)) {
        source.kind = ItemKind::file;
        source.size_bytes = static_cast<std::uint64_t>(source.status.st_size);
    } else if (S_ISBLK(mode)) {
        source.kind = ItemKind::image;
        source.device = examine_block_device(source.file, source.status.st_rdev);
        source.size_bytes = source.device->size_by_ioctl;
    } else {
        source.kind = ItemKind::tree;
    }
    return source;
}

SourceReader::SourceReader(const Source& source, const Context& context)
    : source_(source), context_(context), content_(source.file, source.status) {}

std::size_t SourceReader::read(MutableByteView buffer) {
    context_.check_interrupted();
    const std::size_t count =
        source_.kind == ItemKind::stream ? read_stream(buffer) : read_content(buffer);
    position_ += count;
    context_.progress.advance(count);
    return count;
}

std::size_t SourceReader::read_content(MutableByteView buffer) {
    const ContentReader::Result result = content_.read(buffer);
    if (result.error_number != 0) fail_at(position_ + result.bytes, result.error_number);
    if (position_ + result.bytes > *source_.size_bytes) {
        throw Error(ErrorKind::io,
                    "source grew while it was read: " + source_.path + " (expected " +
                        std::to_string(*source_.size_bytes) + " bytes)",
                    "stop what writes to it, or pipe it in and name - as the source");
    }
    return result.bytes;
}

// Fills the buffer from a pipe that may pause, and still notices the user's wish to stop.
std::size_t SourceReader::read_stream(MutableByteView buffer) {
    std::size_t done = 0;
    while (done < buffer.size()) {
        context_.check_interrupted();
        if (!wait_readable(source_.file.fd())) continue;
        const ssize_t count = ::read(source_.file.fd(), buffer.data() + done, buffer.size() - done);
        if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (count < 0) fail_at(position_ + done, errno);
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

void SourceReader::fail_at(std::uint64_t offset, int error_number) const {
    const unsigned sector = source_.sector_bytes();
    std::string where = "at byte " + std::to_string(offset) + ", sector " +
                        std::to_string(offset / default_sector_bytes);
    if (sector != default_sector_bytes) {
        where += ", logical sector " + std::to_string(offset / sector) + " of " +
                 std::to_string(sector) + " bytes";
    }
    throw Error(ErrorKind::io,
                "cannot read: " + source_.file.name() + " (" +
                    std::generic_category().message(error_number) + " " + where + ")",
                "nothing was kept; the bytes before that are readable");
}

bool SourceReader::check_unchanged() const {
    if (source_.kind == ItemKind::stream) return true;
    struct stat now {};
    if (::fstat(source_.file.fd(), &now) != 0) throw_errno("cannot examine", source_.path);
    if (source_.kind == ItemKind::image) {
        if (position_ != *source_.size_bytes) {
            throw Error(ErrorKind::io, "source ended early: " + source_.path + " (expected " +
                                           std::to_string(*source_.size_bytes) + " bytes, found " +
                                           std::to_string(position_) + ")");
        }
        return true;
    }
    check_file_size(now);
    const struct stat& before = source_.status;
    return now.st_mtim.tv_sec == before.st_mtim.tv_sec &&
           now.st_mtim.tv_nsec == before.st_mtim.tv_nsec &&
           now.st_ctim.tv_sec == before.st_ctim.tv_sec &&
           now.st_ctim.tv_nsec == before.st_ctim.tv_nsec;
}

void SourceReader::check_file_size(const struct stat& now) const {
    struct stat named {};
    if (::stat(source_.path.c_str(), &named) != 0 || named.st_ino != now.st_ino ||
        named.st_dev != now.st_dev) {
        throw Error(ErrorKind::io, "source vanished while it was read: " + source_.path +
                                       " (expected the same file at the end)");
    }
    if (position_ != *source_.size_bytes ||
        static_cast<std::uint64_t>(now.st_size) != *source_.size_bytes) {
        throw Error(ErrorKind::io,
                    "source changed size while it was read: " + source_.path + " (expected " +
                        std::to_string(*source_.size_bytes) + " bytes, found " +
                        std::to_string(std::max<std::uint64_t>(
                            position_, static_cast<std::uint64_t>(now.st_size))) +
                        ")",
                    "stop what writes to it, or pipe it in and name - as the source");
    }
}

}  // namespace evidence
