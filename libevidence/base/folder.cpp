#include "base/folder.h"

#include "base/error.h"

namespace evidence {
namespace {

fs::file_status status_of(const fs::path& path) {
    std::error_code failed;
    const fs::file_status status = fs::status(path, failed);
    if (fs::status_known(status)) return status;  // not_found included
    throw_system_error(failed.value(), "cannot examine", path.native());
}

}  // namespace

bool path_exists(const fs::path& path) { return fs::exists(status_of(path)); }

bool name_is_taken(const fs::path& path) {
    std::error_code failed;
    const fs::file_status status = fs::symlink_status(path, failed);
    if (fs::status_known(status)) return fs::exists(status);
    throw_system_error(failed.value(), "cannot examine", path.native());
}

bool is_folder(const fs::path& path) { return fs::is_directory(status_of(path)); }

void visit_folder(const fs::path& folder,
                  const std::function<void(const fs::path& entry)>& visitor) {
    std::error_code failed;
    fs::directory_iterator entry(folder, failed);
    while (!failed && entry != fs::directory_iterator()) {
        visitor(entry->path());
        entry.increment(failed);
    }
    if (failed) throw_system_error(failed.value(), "cannot read folder", folder.native());
}

void remove_if_there(const fs::path& path) {
    std::error_code failed;
    fs::remove(path, failed);
    if (failed) throw_system_error(failed.value(), "cannot remove", path.native());
}

fs::path real_path(const fs::path& path) {
    std::error_code failed;
    fs::path real = fs::canonical(path, failed);
    if (failed) throw_system_error(failed.value(), "cannot resolve", path.native());
    return real;
}

}  // namespace evidence
