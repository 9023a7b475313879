#include "acquisition/owner_rights.h"

#include <grp.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

#include "base/error.h"

namespace evidence {
namespace {

constexpr std::uint32_t bit(unsigned capability) { return std::uint32_t{1} << capability; }

// What of root's rights is needed to read a source: any file, its access time undisturbed, and to
// ask a disk what it hides.
constexpr std::uint32_t kept_rights =
    bit(CAP_DAC_READ_SEARCH) | bit(CAP_FOWNER) | bit(CAP_SYS_RAWIO);

void keep_rights(std::uint32_t kept) {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
    if (::syscall(SYS_capget, &header, data) != 0) throw_errno("cannot ask for", "capabilities");
    data[0].effective = data[0].permitted & kept;
    data[1].effective = 0;
    if (::syscall(SYS_capset, &header, data) != 0) throw_errno("cannot keep", "capabilities");
}

struct stat examined(const fs::path& folder) {
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0) throw_errno("cannot examine", folder.native());
    return status;
}

}  // namespace

OwnerRights::OwnerRights(const fs::path& folder) {
    if (::geteuid() != 0) return;
    const struct stat owner = examined(folder);
    if (owner.st_uid == 0) return;
    group_before_ = ::getegid();
    const int count = ::getgroups(0, nullptr);
    if (count < 0) throw_errno("cannot ask for", "groups");
    groups_before_.resize(static_cast<std::size_t>(count));
    if (::getgroups(count, groups_before_.data()) != count) throw_errno("cannot ask for", "groups");
    acting_ = true;
    try {
        take_on(owner.st_uid, owner.st_gid);
    } catch (...) {
        give_back();
        throw;
    }
}

void OwnerRights::take_on(uid_t owner, gid_t group) {
    if (::setgroups(1, &group) != 0 || ::setegid(group) != 0 || ::seteuid(owner) != 0) {
        throw_errno("cannot act for", "the owner of the case");
    }
    keep_rights(kept_rights);
}

// To go on with half of the rights would be worse than to end.
void OwnerRights::give_back() noexcept {
    if (::seteuid(0) != 0 || ::setegid(group_before_) != 0 ||
        ::setgroups(groups_before_.size(), groups_before_.data()) != 0) {
        std::abort();
    }
}

void OwnerRights::end_reading() {
    if (acting_) keep_rights(0);
}

OwnerRights::~OwnerRights() {
    if (acting_) give_back();
}

void require_own_folder(const fs::path& folder) {
    if (::getuid() != 0) return;
    const struct stat status = examined(folder);
    if (::geteuid() != 0 || status.st_uid == 0) return;
    throw Error(ErrorKind::refused,
                "folder of another user than the case: " + folder.native() +
                    " (expected root's, as the case is)",
                "whoever owns a folder can lead root elsewhere; give it to root");
}

}  // namespace evidence
