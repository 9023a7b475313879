// A folder tree in byte order of names: the order of captured trees, of `evidence-hash -r` and of
// everything that must come out the same twice.
//
// Works with openat alone, so paths may be longer than PATH_MAX and nobody can redirect the walk by
// swapping a folder for a symbolic link. Symbolic links are entries, never followed. Memory is the
// names of the folders on the way to the current entry; descriptors stay below about 70.
//
// Thread rule: one walk belongs to one thread.
#pragma once

#include <sys/stat.h>

#include <cstdint>
#include <string_view>

namespace evidence {

enum class WalkType { file, folder, symlink, other };

struct WalkEntry {
    std::string_view path;      // relative to the root, raw bytes: "a/b"; valid during the call
    const char* name;           // its last part, zero-terminated; valid during the call
    int folder_fd;              // of the folder that holds it, for openat; valid during the call
    WalkType type;              // what the folder said, or the status when that is known
    const struct stat* status;  // as lstat; null when the walk was asked for names only
};

enum class Descend { no, yes };

class TreeVisitor {
public:
    virtual ~TreeVisitor() = default;

    // Each entry but the root itself, a folder before what is in it. The answer counts for folders
    // only: whether to go in. An exception ends the walk and passes through.
    virtual Descend visit(const WalkEntry& entry) = 0;

    // What could not be examined or listed, with its errno; the walk goes on beside it. `path` is
    // empty for the root. A folder that cannot be opened was visited before; one that fails half
    // way has the entries read so far visited first.
    virtual void unreadable(std::string_view path, int error_number) = 0;
};

enum class WalkDetail { names, status };

inline constexpr std::size_t walk_max_path_bytes = 64 * 1024;  // ENAMETOOLONG beyond
inline constexpr std::size_t walk_open_folders = 64;

// Walks everything below the folder `root_fd`, which stays the caller's and is not moved.
void sorted_walk(int root_fd, WalkDetail detail, TreeVisitor& visitor);

}  // namespace evidence
