#include "verification/extraction_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "digest/digest.h"

namespace evidence {
namespace {

constexpr mode_t new_folder_mode = 0700, new_file_mode = 0600;
constexpr unsigned kept_rights = 0755, own_file_rights = 0400, own_folder_rights = 0700;
constexpr int folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

std::string other_name(std::string_view name) {
    constexpr std::size_t digits = 32;
    return "renamed-" + sha256_hex(name).substr(0, digits);
}

// What a file system says about a name that it does not take.
bool is_about_the_name(int error) {
    return error == ENAMETOOLONG || error == EILSEQ || error == EINVAL;
}

// What is wrong with this one entry only; anything else is wrong with the disk.
bool is_about_the_entry(int error) {
    return is_about_the_name(error) || error == EEXIST || error == ENOTDIR || error == ELOOP ||
           error == ENOENT || error == EISDIR || error == EMLINK || error == EPERM;
}

std::string words_for(int error) {
    if (error == EEXIST) return "name is taken";
    if (error == ENOTDIR || error == ELOOP) return "a folder above it is something else";
    return std::strerror(error);
}

// Calls `make` with the name, and with the other one when the file system does not take it.
// What it returned last; the name in `placed`.
template <typename Make>
int with_a_name(std::string_view name, std::string& placed, const Make& make) {
    placed = name;
    int result = make(placed);
    if (result >= 0 || !is_about_the_name(errno)) return result;
    placed = other_name(name);
    result = make(placed);
    return result;
}

Placement refused_or_throw(const std::string& path) {
    const int error = errno;
    if (!is_about_the_entry(error)) throw_system_error(error, "cannot extract", path);
    return {path, words_for(error)};
}

std::array<timespec, 2> times_of(const std::optional<FileTime>& mtime) {
    timespec unchanged{};
    unchanged.tv_nsec = UTIME_OMIT;
    if (!mtime) return {unchanged, unchanged};
    timespec time{};
    time.tv_sec = mtime->seconds;
    time.tv_nsec = mtime->nanoseconds;
    return {unchanged, time};
}

// A time that the file system cannot hold is left; it stands in the record.
void finish(int fd, const std::string& name, unsigned mode, const std::optional<FileTime>& mtime) {
    const auto times = times_of(mtime);
    if (::futimens(fd, times.data()) != 0 && errno != EINVAL && errno != EOVERFLOW) {
        throw_errno("cannot set the time of", name);
    }
    if (::fchmod(fd, static_cast<mode_t>(mode)) != 0 && errno != EPERM) {
        throw_errno("cannot set the rights of", name);
    }
}

}  // namespace

bool is_safe_path(std::string_view path) {
    if (path.find('\0') != std::string_view::npos) return false;
    for (;;) {
        const std::size_t slash = path.find('/');
        const std::string_view part = path.substr(0, slash);
        if (part.empty() || part == "." || part == "..") return false;
        if (slash == std::string_view::npos) return true;
        path.remove_prefix(slash + 1);
    }
}

fs::path require_empty_target(const fs::path& target) {
    fs::path path = fs::absolute(target).lexically_normal();
    if (!path.has_filename()) path = path.parent_path();
    const bool is_empty_folder = fs::is_directory(fs::symlink_status(path)) && fs::is_empty(path);
    if (name_is_taken(path) && !is_empty_folder) {
        throw Error(ErrorKind::exists, "target exists: " + target.native() +
                                           " (expected a new name or an empty folder)");
    }
    if (!is_folder(path.parent_path())) {
        throw Error(ErrorKind::not_found, "no such folder: " + path.parent_path().native() +
                                              " (expected the folder to extract into)");
    }
    return path;
}

ExtractionFolder::ExtractionFolder(const fs::path& target, RandomSource& random)
    : target_(require_empty_target(target)) {
    temporary_ = target_.parent_path() / ("." + target_.filename().native().substr(0, 200) +
                                          ".extracting-" + random_hex_128(random).substr(0, 8));
    if (::mkdir(temporary_.c_str(), new_folder_mode) != 0) {
        throw_errno("cannot create", temporary_.native());
    }
    const int fd = ::open(temporary_.c_str(), folder_flags);
    if (fd < 0) throw_errno("cannot open", temporary_.native());
    root_ = File::adopt(fd, temporary_.native());
}

ExtractionFolder::~ExtractionFolder() {
    if (committed_ || temporary_.empty()) return;
    std::error_code ignored;  // there is a failure on its way already
    fs::remove_all(temporary_, ignored);
}

int ExtractionFolder::open_part(int fd, std::string_view name, bool create, std::string& placed) {
    return with_a_name(name, placed, [&](const std::string& part) {
        const int found = ::openat(fd, part.c_str(), folder_flags);
        if (found >= 0 || errno != ENOENT || !create) return found;
        if (::mkdirat(fd, part.c_str(), new_folder_mode) != 0) return -1;
        return ::openat(fd, part.c_str(), folder_flags);
    });
}

ExtractionFolder::Parent ExtractionFolder::open_parent(std::string_view path, bool create) {
    Parent parent;
    const std::size_t slash = path.rfind('/');
    const bool is_in_root = slash == std::string_view::npos;
    std::string_view folders = is_in_root ? std::string_view() : path.substr(0, slash);
    parent.name = is_in_root ? path : path.substr(slash + 1);
    if (!is_safe_path(path)) {
        parent.refusal = "unsafe name";
    } else if (static_cast<std::size_t>(std::count(path.begin(), path.end(), '/')) > max_depth) {
        parent.refusal = "too many folders above it";
    } else if (is_in_root) {
        parent.fd = root_.fd();
    } else if (last_parent_.is_open() && last_asked_ == folders) {
        parent.fd = last_parent_.fd();
        parent.path = last_placed_;
    }
    if (parent.fd >= 0 || !parent.refusal.empty()) return parent;
    last_asked_ = folders;
    last_parent_ = File();
    File here;
    for (int fd = root_.fd();;) {
        const std::size_t end = folders.find('/');
        std::string placed;
        const int below = open_part(fd, folders.substr(0, end), create, placed);
        parent.path += placed + "/";
        if (below < 0) {
            parent.refusal = refused_or_throw(parent.path).refusal;
            return parent;
        }
        here = File::adopt(below, parent.path);
        fd = below;
        if (end == std::string_view::npos) break;
        folders.remove_prefix(end + 1);
    }
    last_parent_ = std::move(here);
    last_placed_ = parent.path;
    parent.fd = last_parent_.fd();
    return parent;
}

Placement ExtractionFolder::create_file(std::string_view path, File& file) {
    const Parent parent = open_parent(path, true);
    if (!parent.refusal.empty()) return {"", parent.refusal};
    std::string placed;
    const int fd = with_a_name(parent.name, placed, [&](const std::string& name) {
        return ::openat(parent.fd, name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                        new_file_mode);
    });
    if (fd < 0) return refused_or_throw(parent.path + placed);
    file = File::adopt(fd, (temporary_ / (parent.path + placed)).native());
    return {parent.path + placed, ""};
}

Placement ExtractionFolder::create_folder(std::string_view path) {
    const Parent parent = open_parent(path, true);
    if (!parent.refusal.empty()) return {"", parent.refusal};
    std::string placed;
    const int fd = open_part(parent.fd, parent.name, true, placed);
    if (fd < 0) return refused_or_throw(parent.path + placed);
    ::close(fd);
    return {parent.path + placed, ""};
}

Placement ExtractionFolder::link(std::string_view existing, std::string_view path) {
    const Parent from = open_parent(existing, false);
    if (!from.refusal.empty()) return {"", "what it is a link to was not extracted"};
    // The folder of the other name is kept open while the parent of this one is looked up.
    const int folder = ::fcntl(from.fd, F_DUPFD_CLOEXEC, 0);
    if (folder < 0) throw_errno("cannot extract", temporary_.native());
    const File kept = File::adopt(folder, from.path);
    const std::string name_there(from.name);
    const Parent parent = open_parent(path, true);
    if (!parent.refusal.empty()) return {"", parent.refusal};
    std::string placed, target;
    const int done = with_a_name(parent.name, placed, [&](const std::string& name) {
        return with_a_name(name_there, target, [&](const std::string& other) {
            struct stat status {};
            if (::fstatat(kept.fd(), other.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return -1;
            if (!S_ISREG(status.st_mode)) {
                errno = EISDIR;
                return -1;
            }
            return ::linkat(kept.fd(), other.c_str(), parent.fd, name.c_str(), 0);
        });
    });
    if (done == 0) return {parent.path + placed, ""};
    if (errno == ENOENT || errno == EISDIR) return {"", "what it is a link to was not extracted"};
    return refused_or_throw(parent.path + placed);
}

void ExtractionFolder::remove(std::string_view path) {
    const Parent parent = open_parent(path, false);
    if (!parent.refusal.empty() ||
        ::unlinkat(parent.fd, std::string(parent.name).c_str(), 0) != 0) {
        throw_errno("cannot remove", (temporary_ / path).native());
    }
}

void ExtractionFolder::finish_folder(std::string_view path, unsigned mode,
                                     const std::optional<FileTime>& mtime) {
    const Parent parent = open_parent(path, false);
    if (!parent.refusal.empty()) return;  // was not made
    std::string placed;
    const int fd = open_part(parent.fd, parent.name, false, placed);
    if (fd < 0) return;
    const File folder = File::adopt(fd, parent.path + placed);
    finish(folder.fd(), folder.name(), (mode & kept_rights) | own_folder_rights, mtime);
}

void ExtractionFolder::finish_file(const File& file, unsigned mode,
                                   const std::optional<FileTime>& mtime) {
    finish(file.fd(), file.name(), (mode & kept_rights) | own_file_rights, mtime);
}

void ExtractionFolder::commit() {
    last_parent_ = File();
    if (::syncfs(root_.fd()) != 0) throw_errno("cannot write", temporary_.native());
    // Replaces an empty folder, and nothing else.
    if (::rename(temporary_.c_str(), target_.c_str()) != 0) {
        throw_errno("cannot create", target_.native());
    }
    committed_ = true;
    sync_folder(target_.parent_path());
}

}  // namespace evidence
