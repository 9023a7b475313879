#include "acquisition/item_owner.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"

namespace evidence {
namespace {

void give_file(const fs::path& path, const struct stat& owner) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return;  // a link
    const File file = File::adopt(fd, path.native());
    struct stat status {};
    if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) || status.st_nlink != 1) return;
    (void)!::fchown(fd, owner.st_uid, owner.st_gid);
}

}  // namespace

void give_to_owner_of(const fs::path& model, const fs::path& folder) {
    if (::geteuid() != 0) return;
    struct stat owner {
    }, own{};
    if (::stat(model.c_str(), &owner) != 0 || ::lstat(folder.c_str(), &own) != 0) return;
    if (own.st_uid == owner.st_uid && own.st_gid == owner.st_gid) return;
    visit_folder(folder, [&owner](const fs::path& entry) { give_file(entry, owner); });
    // Last: until then nobody but root can put anything into it.
    (void)!::lchown(folder.c_str(), owner.st_uid, owner.st_gid);
}

}  // namespace evidence
