#include "signature/files_of.h"

#include <algorithm>

#include "base/error.h"

namespace evidence {

std::vector<fs::path> files_of(const fs::path& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) return {path};
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
    }
    if (error) throw_system_error(error.value(), "cannot read folder", path.native());
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace evidence
