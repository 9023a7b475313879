#include "acquisition/disk_metadata.h"

#include <fcntl.h>
#include <sys/xattr.h>

#include <algorithm>
#include <cerrno>
#include <new>

#include "base/bytes.h"

namespace evidence {
namespace {

constexpr long billion = 1'000'000'000;
constexpr std::size_t max_attributes_bytes = 1 * mib;  // of one entry, names and values
constexpr std::size_t first_names_bytes = 1024;

EntryType type_of(mode_t mode) {
    if (S_ISREG(mode)) return EntryType::file;
    if (S_ISDIR(mode)) return EntryType::directory;
    if (S_ISLNK(mode)) return EntryType::symlink;
    if (S_ISFIFO(mode)) return EntryType::fifo;
    return EntryType::device;
}

// libarchive writes whole seconds, a point and the nanoseconds; the value of that decimal number
// is what readers take. Times in the last second before 1970 have no such spelling ("-0.5") and
// lose their fraction.
FileTime spellable(FileTime time) {
    if (time.seconds == -1) return {-1, 0};
    return time;
}

// The pair whose digits spell the time: (-2, 0.5 s) is -1.5 is spelled by (-1, 0.5 s).
FileTime spelling_of(FileTime time) {
    if (time.seconds >= 0 || time.nanoseconds == 0) return time;
    return {time.seconds + 1, billion - time.nanoseconds};
}

FileTime time_of(const struct timespec& time) { return spellable({time.tv_sec, time.tv_nsec}); }

// libarchive leaves out access and change times of zero.
std::optional<FileTime> unless_zero(FileTime time) {
    if (time == FileTime{}) return std::nullopt;
    return time;
}

// libarchive keeps a birth time only where it lies before the modification time, in seconds.
std::optional<FileTime> birth_time(const EntryPlace& place, FileTime mtime) {
    struct statx status {};
    const int failed = place.fd >= 0 ? ::statx(place.fd, "", AT_EMPTY_PATH, STATX_BTIME, &status)
                                     : ::statx(place.folder_fd, place.name, AT_SYMLINK_NOFOLLOW,
                                               STATX_BTIME, &status);
    if (failed != 0 || (status.stx_mask & STATX_BTIME) == 0) return std::nullopt;
    const FileTime time = spellable({status.stx_btime.tv_sec, status.stx_btime.tv_nsec});
    if (spelling_of(time).seconds >= spelling_of(mtime).seconds) return std::nullopt;
    return time;
}

// Reaches an entry by a short path, however deep it lies; follows nothing but itself.
std::string short_path(const EntryPlace& place) {
    if (place.fd >= 0) return "/proc/self/fd/" + std::to_string(place.fd);
    return "/proc/self/fd/" + std::to_string(place.folder_fd) + "/" + place.name;
}

}  // namespace

EntryFacts entry_facts(const EntryPlace& place, const struct stat& status) {
    EntryFacts facts;
    facts.type = type_of(status.st_mode);
    facts.mode = status.st_mode & 07777;
    facts.uid = status.st_uid;
    facts.gid = status.st_gid;
    facts.mtime = time_of(status.st_mtim);
    facts.atime = unless_zero(time_of(status.st_atim));
    facts.ctime = unless_zero(time_of(status.st_ctim));
    facts.btime = birth_time(place, *facts.mtime);
    return facts;
}

DiskMetadata::DiskMetadata() : disk_(archive_read_disk_new()) {
    if (!disk_) throw std::bad_alloc();
    // Sparse maps would drop holes from the tar; extended attributes are read here, with a limit.
    archive_read_disk_set_behavior(disk_.get(),
                                   ARCHIVE_READDISK_NO_SPARSE | ARCHIVE_READDISK_NO_XATTR);
    archive_read_disk_set_symlink_physical(disk_.get());
}

DiskMetadata::Problem DiskMetadata::copy(archive_entry& entry, const EntryPlace& place,
                                         const struct stat& status) {
    const std::string path = short_path(place);
    archive_entry_copy_stat(&entry, &status);
    if (!S_ISLNK(status.st_mode)) {  // has neither flags nor access control lists
        archive_entry_copy_sourcepath(&entry, path.c_str());
        archive_entry_copy_pathname(&entry, path.c_str());
        const int result =
            archive_read_disk_entry_from_file(disk_.get(), &entry, place.fd, &status);
        archive_entry_sparse_clear(&entry);
        if (result != ARCHIVE_OK) {
            const char* reason = archive_error_string(disk_.get());
            const int error_number = archive_errno(disk_.get());
            return {error_number > 0 ? error_number : EIO, reason ? reason : "metadata unreadable"};
        }
    }
    return copy_extended_attributes(entry, place, path);
}

DiskMetadata::Problem DiskMetadata::copy_extended_attributes(archive_entry& entry,
                                                             const EntryPlace& place,
                                                             const std::string& path) {
    const bool open = place.fd >= 0;
    names_.resize(std::max(names_.size(), first_names_bytes));
    ssize_t size = open ? ::flistxattr(place.fd, names_.data(), names_.size())
                        : ::llistxattr(path.c_str(), names_.data(), names_.size());
    if (size < 0 && errno == ERANGE) {
        names_.resize(max_attributes_bytes);
        size = open ? ::flistxattr(place.fd, names_.data(), names_.size())
                    : ::llistxattr(path.c_str(), names_.data(), names_.size());
    }
    if (size < 0) {
        if (errno == ENOTSUP) return {};
        return {errno, "extended attributes unreadable"};
    }
    std::size_t total = static_cast<std::size_t>(size);
    for (const char* name = names_.data(); name < names_.data() + size;
         name += std::char_traits<char>::length(name) + 1) {
        // Access control lists have their own place in the tar.
        if (std::string_view(name).starts_with("system.")) continue;
        value_.resize(max_attributes_bytes);
        const ssize_t length = open ? ::fgetxattr(place.fd, name, value_.data(), value_.size())
                                    : ::lgetxattr(path.c_str(), name, value_.data(), value_.size());
        if (length < 0 && errno == ENODATA) continue;  // removed since
        if (length < 0) return {errno, "extended attribute unreadable"};
        total += static_cast<std::size_t>(length);
        if (total > max_attributes_bytes) {
            archive_entry_xattr_clear(&entry);
            return {E2BIG, "extended attributes over 1 MiB"};
        }
        archive_entry_xattr_add_entry(&entry, name, value_.data(),
                                      static_cast<std::size_t>(length));
    }
    return {};
}

void apply_facts(archive_entry& entry, const EntryFacts& facts) {
    archive_entry_copy_pathname(&entry, facts.name.c_str());
    if (facts.type == EntryType::hardlink) {
        archive_entry_copy_hardlink(&entry, facts.target.c_str());
    } else if (facts.type == EntryType::symlink) {
        archive_entry_copy_symlink(&entry, facts.target.c_str());
    }
    if (facts.type != EntryType::file) archive_entry_set_size(&entry, 0);
    const auto set = [&entry](const std::optional<FileTime>& time, auto setter, auto unsetter) {
        if (!time) return unsetter(&entry);
        const FileTime spelled = spelling_of(*time);
        setter(&entry, spelled.seconds, spelled.nanoseconds);
    };
    set(facts.mtime, archive_entry_set_mtime, archive_entry_unset_mtime);
    set(facts.atime, archive_entry_set_atime, archive_entry_unset_atime);
    set(facts.ctime, archive_entry_set_ctime, archive_entry_unset_ctime);
    set(facts.btime, archive_entry_set_birthtime, archive_entry_unset_birthtime);
}

}  // namespace evidence
