// Packages that lie in a case: each must have its event.
#include <algorithm>
#include <vector>

#include "base/error.h"
#include "transfer/package_identity.h"
#include "verification/case_check.h"

namespace evidence {
namespace {

std::vector<fs::path> files_in(const fs::path& folder) {
    std::vector<fs::path> files;
    std::error_code error;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
        if (fs::is_regular_file(entry.symlink_status())) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

// Empty for a file that is no package, or not a whole one.
std::string manifest_of(const fs::path& file) {
    try {
        Findings structure;
        return identify_package(File::open_read(file), structure).manifest_sha256;
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::interrupted) throw;
        return {};
    }
}

}  // namespace

// A seal that was cut off between the package and its event leaves this (evidence-seal --record).
void check_case_packages(CaseCheck& check) {
    for (const fs::path& file : files_in(check.folder / "packages")) {
        check.context.check_interrupted();
        const std::string manifest = manifest_of(file);
        if (manifest.empty() || check.packages.contains(manifest)) continue;
        check.report.findings.add("custody.seal-not-recorded", Layer::custody, Weight::warning,
                                  "no event names this package; evidence-seal --record repairs a "
                                  "seal that was cut off",
                                  "packages/" + file.filename().native());
    }
}

}  // namespace evidence
