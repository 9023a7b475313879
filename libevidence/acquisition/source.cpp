#include "acquisition/source.h"

#include <fcntl.h>
#include <grp.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "acquisition/timed_reader.h"
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

std::string group_name(gid_t number) {
    constexpr std::size_t enough = 16 * kib;
    std::string buffer(enough, '\0');
    struct group entry {
    }, *found = nullptr;
    ::getgrgid_r(number, &entry, buffer.data(), buffer.size(), &found);
    return found ? found->gr_name : std::to_string(number);
}

[[noreturn]] void refuse_type(const std::string& argument) {
    throw Error(ErrorKind::usage,
                "cannot acquire: " + argument +
                    " (expected a file, a block device, a folder or - for a stream)",
                "pipe it in and name - as the source");
}

// Who may read a device is a question of its owner, not of the evidence.
[[noreturn]] void refuse_to_open(const std::string& argument, const struct stat& status) {
    const int error_number = errno;
    if (!S_ISBLK(status.st_mode) || (error_number != EACCES && error_number != EPERM)) {
        throw_system_error(error_number, "cannot open", argument);
    }
    std::string readers = "only root";
    if ((status.st_mode & S_IRGRP) != 0) readers += " and the group " + group_name(status.st_gid);
    throw Error(
        ErrorKind::io,
        "cannot open: " + argument + " (" + std::generic_category().message(error_number) + ")",
        readers +
            " may read this device; run as root, and the item will belong to the "
            "owner of the case");
}

// The same file once more, past the page cache where it can be: that fails, and keeps failing, in
// whole pages.
File open_direct(const File& file) {
    const std::string path = "/proc/self/fd/" + std::to_string(file.fd());
    int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_DIRECT);
    if (fd < 0) fd = ::fcntl(file.fd(), F_DUPFD_CLOEXEC, 3);
    if (fd < 0) throw_errno("cannot read", file.name());
    return File::adopt(fd, file.name());
}

std::unique_ptr<PositionedReader> timed(const File& file, const ErrorPolicy& policy) {
    if (!policy.read_timeout || !file.is_open()) return nullptr;
    return std::make_unique<TimedReader>(file, *policy.read_timeout);
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
    if (fd < 0) refuse_to_open(argument, source.status);
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

std::unique_ptr<PositionedReader> reads_of(const Source& source, const ErrorPolicy& errors) {
    std::unique_ptr<PositionedReader> reads = timed(source.file, errors);
    if (!reads) reads = std::make_unique<FileReader>(source.file);
    return reads;
}

SourceReader::SourceReader(const Source& source, const ErrorPolicy& policy, const Context& context)
    : source_(source),
      policy_(policy),
      context_(context),
      reads_(source.device_reads ? nullptr : timed(source.file, policy)),
      content_(source.file, source.status,
               source.device_reads ? source.device_reads : reads_.get()) {}

void SourceReader::start_at(std::uint64_t position, BadRanges filled_before) {
    position_ = position;
    content_.skip_to(position);
    bad_ = std::move(filled_before);
}

std::size_t SourceReader::read(MutableByteView buffer) {
    context_.check_interrupted();
    const std::size_t count =
        source_.kind == ItemKind::stream ? read_stream(buffer) : read_content(buffer);
    position_ += count;
    context_.progress.advance(count);
    return count;
}

std::size_t SourceReader::read_content(MutableByteView buffer) {
    ContentReader::Result result = content_.read(buffer);
    if (result.error_number != 0) {
        if (position_ + result.bytes >= *source_.size_bytes) {
            fail_at(position_ + result.bytes, result.error_number);  // a file that says it ended
        }
        const auto wanted = static_cast<std::size_t>(
            std::min<std::uint64_t>(buffer.size(), *source_.size_bytes - position_));
        // From the start of the sector in which it failed.
        const std::size_t good = result.bytes / source_.sector_bytes() * source_.sector_bytes();
        recover(buffer.subspan(good, wanted - good), position_ + good);
        content_.skip_to(position_ + wanted);
        result.bytes = wanted;
    }
    if (position_ + result.bytes > *source_.size_bytes) {
        throw Error(ErrorKind::io,
                    "source grew while it was read: " + source_.path + " (expected " +
                        std::to_string(*source_.size_bytes) + " bytes)",
                    "stop what writes to it, or pipe it in and name - as the source");
    }
    return result.bytes;
}

SectorRecovery& SourceReader::recovery() {
    if (recovery_) return *recovery_;
    PositionedReader* reads = source_.device_reads;
    if (!reads) {
        direct_file_ = open_direct(source_.file);
        direct_reads_ = timed(direct_file_, policy_);
        if (!direct_reads_) direct_reads_ = std::make_unique<FileReader>(direct_file_);
        cached_reads_ = reads_of(source_, policy_);
        // The sectors of the disk below a file may be larger than ours.
        recovery_reads_ = std::make_unique<ReaderWithFallback>(*direct_reads_, *cached_reads_);
        reads = recovery_reads_.get();
    }
    recovery_ = std::make_unique<SectorRecovery>(*reads, source_.sector_bytes(), policy_, context_);
    return *recovery_;
}

void SourceReader::recover(MutableByteView buffer, std::uint64_t offset) {
    for (const BadRange& sector : recovery().read(buffer, offset)) {
        if (policy_.on_error == OnError::stop || is_gone(sector.error_number)) {
            fail_at(sector.offset_bytes, sector.error_number);
        }
        bad_.add(sector);
    }
    context_.progress.unreadable(bad_.bytes());
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

std::string SourceReader::hint_for(int error_number) const {
    if (source_.kind == ItemKind::stream) return {};
    if (error_number == ENODEV && policy_.read_timeout) {
        return "it left " + std::to_string(max_hung_reads) +
               " reads without an answer; make an image with ddrescue and take it in with "
               "--mapfile";
    }
    return policy_.on_error == OnError::stop && !is_gone(error_number)
               ? "--on-error fill goes on behind what cannot be read"
               : "";
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
                hint_for(error_number));
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
