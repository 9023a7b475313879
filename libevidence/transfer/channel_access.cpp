#include "transfer/channel_access.h"

#include <sys/stat.h>

#include <cerrno>

#include "base/error.h"
#include "base/folder.h"

namespace evidence {
namespace {

mode_t mode_of(const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) throw_errno("cannot examine", path.native());
    return status.st_mode;
}

void set_mode(const fs::path& path, mode_t mode) {
    if ((mode_of(path) & 07777) == mode || ::chmod(path.c_str(), mode) == 0) return;
    // exFAT and many shares have no modes of their own: what the mount says holds there.
    if (errno == EPERM || errno == EOPNOTSUPP) return;
    throw_errno("cannot share", path.native());
}

}  // namespace

void share_as_folder(const fs::path& file, const fs::path& folder) {
    set_mode(file, 0600 | (mode_of(folder) & 0044));
}

void share_transfer_folder(const fs::path& folder, const fs::path& channel) {
    visit_folder(folder, [&](const fs::path& entry) { share_as_folder(entry, channel); });
    // The set-group bit came with the creation; the sticky bit keeps what others put there.
    const mode_t kept = mode_of(folder) & S_ISGID;
    set_mode(folder, 0700 | kept | (mode_of(channel) & (S_ISVTX | 0077)));
}

}  // namespace evidence
