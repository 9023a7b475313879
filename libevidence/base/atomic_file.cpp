#include "base/atomic_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "base/error.h"

namespace evidence {
namespace {

constexpr std::size_t max_name_bytes = 255;

void refuse_existing(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::symlink_status(path, error);
    if (status.type() == fs::file_type::none) {
        throw_system_error(error.value(), "cannot examine", path.native());
    }
    if (!fs::exists(status)) return;
    throw Error(ErrorKind::exists, "target exists: " + path.native() + " (expected a new name)",
                "evidence is never overwritten; choose another name or move the old file away");
}

}  // namespace

AtomicFile::AtomicFile(fs::path target) : target_(std::move(target)) {
    refuse_existing(target_);
    // The name says what it will be, as far as there is room.
    constexpr std::string_view ending = ".partial-XXXXXX";
    const std::string start =
        target_.filename().native().substr(0, max_name_bytes - 1 - ending.size());
    std::string name = (target_.parent_path() / ("." + start)).native();
    name += ending;
    const int fd = ::mkostemp(name.data(), O_CLOEXEC);
    if (fd < 0) throw_errno("cannot create", target_.native());
    temporary_ = name;
    file_ = File::adopt(fd, target_.native());
}

AtomicFile::~AtomicFile() {
    if (!committed_) ::unlink(temporary_.c_str());
}

void AtomicFile::commit() {
    file_.sync();
    file_.close();
    rename_new(temporary_, target_);
    committed_ = true;
    sync_folder(target_.parent_path());
}

void rename_new(const fs::path& from, const fs::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return;
    if (errno == EEXIST) refuse_existing(to);
    if (errno != EINVAL && errno != ENOSYS) throw_errno("cannot rename to", to.native());
    // File systems without RENAME_NOREPLACE: a hard link refuses to replace as well. Where links
    // are unknown too (exFAT), the check just before the rename is the best there is.
    if (::link(from.c_str(), to.c_str()) == 0) {
        ::unlink(from.c_str());
        return;
    }
    if (errno == EEXIST) refuse_existing(to);
    refuse_existing(to);
    if (::rename(from.c_str(), to.c_str()) != 0) throw_errno("cannot rename to", to.native());
}

void write_new_file(const fs::path& path, ByteView bytes) {
    AtomicFile file(path);
    file.file().write(bytes);
    file.commit();
}

}  // namespace evidence
