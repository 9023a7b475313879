#include "base/sorted_walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"

namespace evidence {
namespace {

constexpr std::size_t listing_bytes = 64 * 1024;
constexpr std::size_t kept_bytes_per_level = 64 * 1024;
constexpr int open_folder_flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY;

// Listing a folder must not change its access time where the kernel lets us (owner or root).
int open_folder(int parent_fd, const char* name) {
    const int fd = ::openat(parent_fd, name, open_folder_flags | O_NOATIME);
    return fd >= 0 || errno != EPERM ? fd : ::openat(parent_fd, name, open_folder_flags);
}

WalkType type_of(unsigned char directory_type) {
    switch (directory_type) {
        case DT_REG:
            return WalkType::file;
        case DT_DIR:
            return WalkType::folder;
        case DT_LNK:
            return WalkType::symlink;
        default:
            return WalkType::other;
    }
}

WalkType type_of(const struct stat& status) {
    if (S_ISREG(status.st_mode)) return WalkType::file;
    if (S_ISDIR(status.st_mode)) return WalkType::folder;
    if (S_ISLNK(status.st_mode)) return WalkType::symlink;
    return WalkType::other;
}

// The sorted names of one folder: one arena of "<type byte><name>\0" and where each begins.
class Names {
public:
    // False when the arena is full (4 GiB of names in one folder).
    bool add(unsigned char type, std::string_view name) {
        if (arena_.size() + name.size() + 2 > std::numeric_limits<std::uint32_t>::max()) {
            return false;
        }
        starts_.push_back(static_cast<std::uint32_t>(arena_.size()));
        arena_ += static_cast<char>(type);
        arena_ += name;
        arena_ += '\0';
        return true;
    }

    void sort() {
        std::sort(starts_.begin(), starts_.end(), [this](std::uint32_t a, std::uint32_t b) {
            return std::strcmp(arena_.data() + a + 1, arena_.data() + b + 1) < 0;
        });
    }

    bool at_end() const { return next_ == starts_.size(); }
    // The directory type and the name; valid while nothing is added.
    std::pair<unsigned char, const char*> take() {
        const char* record = arena_.data() + starts_[next_++];
        return {static_cast<unsigned char>(record[0]), record + 1};
    }

    void clear() {
        arena_.clear();
        starts_.clear();
        next_ = 0;
        // Levels are used again; one huge folder must not be paid for until the end.
        if (arena_.capacity() > kept_bytes_per_level) std::string().swap(arena_);
        if (starts_.capacity() * sizeof(std::uint32_t) > kept_bytes_per_level) {
            std::vector<std::uint32_t>().swap(starts_);
        }
    }

private:
    std::string arena_;
    std::vector<std::uint32_t> starts_;
    std::size_t next_ = 0;
};

struct Level {
    File folder;  // closed while the walk is far below
    dev_t device = 0;
    ino_t inode = 0;
    std::size_t path_bytes = 0;  // of its own path, without a slash at the end
    Names names;
};

class Walk {
public:
    Walk(WalkDetail detail, TreeVisitor& visitor)
        : detail_(detail),
          visitor_(visitor),
          listing_(std::make_unique_for_overwrite<char[]>(listing_bytes)) {}

    void run(int root_fd) {
        enter(root_fd, ".");
        while (depth_ > 0) {
            if (top().names.at_end()) {
                leave();
            } else {
                visit_next();
            }
        }
    }

private:
    Level& top() { return levels_[depth_ - 1]; }

    // Opens and lists a folder whose path is path_.
    void enter(int parent_fd, const char* name) {
        const int fd = open_folder(parent_fd, name);
        if (fd < 0) return visitor_.unreadable(path_, errno);
        File folder = File::adopt(fd, {});
        struct stat status {};
        if (::fstat(fd, &status) != 0) return visitor_.unreadable(path_, errno);
        if (depth_ == levels_.size()) levels_.emplace_back();
        Level& level = levels_[depth_++];
        level.folder = std::move(folder);
        level.device = status.st_dev;
        level.inode = status.st_ino;
        level.path_bytes = path_.size();
        list(level);
        close_far_ancestor();
    }

    void list(Level& level) {
        while (true) {
            const ssize_t size = ::getdents64(level.folder.fd(), listing_.get(), listing_bytes);
            if (size < 0) visitor_.unreadable(path_, errno);
            if (size <= 0) break;
            if (!add_names(level.names, static_cast<std::size_t>(size))) {
                visitor_.unreadable(path_, EOVERFLOW);
                break;
            }
        }
        level.names.sort();
    }

    bool add_names(Names& names, std::size_t size) {
        for (std::size_t at = 0; at < size;) {
            // The kernel aligns records for exactly this access.
            const auto* record = reinterpret_cast<const dirent64*>(listing_.get() + at);
            const std::string_view name(record->d_name);
            at += record->d_reclen;
            if (name != "." && name != ".." && !names.add(record->d_type, name)) return false;
        }
        return true;
    }

    // The root stays open as the last resort; of the others only the deepest few.
    void close_far_ancestor() {
        if (depth_ - first_open_ < walk_open_folders) return;
        levels_[first_open_].folder = File();
        ++first_open_;
    }

    void leave() {
        top().names.clear();
        const File child = std::move(top().folder);
        --depth_;
        if (depth_ > 0) path_.resize(top().path_bytes);
        if (depth_ <= 1 || depth_ - 1 >= first_open_) return;
        // The parent was closed on the way down: go back through "..", and make sure it is the
        // folder we came from, because folders can be moved meanwhile.
        first_open_ = std::max<std::size_t>(depth_ - 1, 1);
        Level& parent = top();
        struct stat status {};
        const int fd = child.is_open() ? open_folder(child.fd(), "..") : -1;
        if (fd >= 0) parent.folder = File::adopt(fd, {});
        if (fd < 0 || ::fstat(fd, &status) != 0 || status.st_dev != parent.device ||
            status.st_ino != parent.inode) {
            parent.folder = File();
            if (!parent.names.at_end()) visitor_.unreadable(path_, ESTALE);
            parent.names.clear();
        }
    }

    void visit_next() {
        const auto [directory_type, name] = top().names.take();
        const std::size_t name_bytes = std::strlen(name);
        path_.resize(top().path_bytes);
        if (path_.size() + 1 + name_bytes > walk_max_path_bytes) {
            return visitor_.unreadable(path_, ENAMETOOLONG);
        }
        if (!path_.empty()) path_ += '/';
        path_.append(name, name_bytes);

        WalkType type = type_of(directory_type);
        struct stat status {};
        const bool examine = detail_ == WalkDetail::status || directory_type == DT_UNKNOWN;
        const int folder_fd = top().folder.fd();
        if (examine) {
            if (::fstatat(folder_fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
                return visitor_.unreadable(path_, errno);
            }
            type = type_of(status);
        }
        const WalkEntry entry{path_, name, folder_fd, type,
                              detail_ == WalkDetail::status ? &status : nullptr};
        if (visitor_.visit(entry) == Descend::yes && type == WalkType::folder) {
            enter(folder_fd, name);
        }
    }

    WalkDetail detail_;
    TreeVisitor& visitor_;
    std::unique_ptr<char[]> listing_;
    std::string path_;
    std::vector<Level> levels_;  // the first depth_ are in use, the others kept for their memory
    std::size_t depth_ = 0;
    std::size_t first_open_ = 1;  // levels from 1 up to here are closed
};

}  // namespace

void sorted_walk(int root_fd, WalkDetail detail, TreeVisitor& visitor) {
    Walk(detail, visitor).run(root_fd);
}

}  // namespace evidence
