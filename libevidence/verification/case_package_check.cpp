// Packages that lie in a case: each has its event, and those of its own ledger hold the chain to
// what it was when they were sealed.
#include <algorithm>
#include <vector>

#include "base/error.h"
#include "custody/ledger.h"
#include "transfer/package_identity.h"
#include "verification/case_check.h"
#include "verification/package_head.h"

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

// What the file itself is to blame for; that it could not be read is no answer about it.
bool is_about_content(const Error& error) {
    return error.kind() == ErrorKind::malformed || error.kind() == ErrorKind::unsupported ||
           error.kind() == ErrorKind::crypto;
}

// Empty for a file that is no package, or not a whole one.
std::string manifest_of(const File& file) {
    try {
        Findings structure;
        return identify_package(file, structure).manifest_sha256;
    } catch (const Error& error) {
        if (!is_about_content(error)) throw;
        return {};
    }
}

// Only what its sealer signed counts: anybody may put a file there.
std::optional<PackageHead> signed_head_of(const File& file, const std::string& where) {
    try {
        return read_package_head(file, where);
    } catch (const Error& error) {
        if (!is_about_content(error)) throw;
        return std::nullopt;
    }
}

void note_case_package(CaseCheck& check, const Ledger& ledger, const fs::path& path) {
    CaseCheck::KeptPackage kept;
    kept.where = "packages/" + path.filename().native();
    const File file = File::open_regular(path);
    if (const auto head = signed_head_of(file, kept.where)) {
        kept.manifest_sha256 = head->manifest_sha256;
        if (head->document.ledger_id == ledger.id()) {
            kept.ledger_size = head->checkpoint.size;
            if (head->document.previous) {
                kept.previous_manifest_sha256 = head->document.previous->manifest_sha256;
            }
            check.promises.push_back({head->checkpoint.size, head->checkpoint.hash, kept.where});
        }
    } else {
        kept.manifest_sha256 = manifest_of(file);
    }
    if (!kept.manifest_sha256.empty()) check.kept_packages.push_back(std::move(kept));
}

// The package sealed last before that many events were there.
std::string sealed_before(const CaseCheck& check, std::uint64_t size) {
    const auto next = check.seals.lower_bound(size);
    return next == check.seals.begin() ? std::string() : std::prev(next)->second;
}

}  // namespace

void note_case_packages(CaseCheck& check, const Ledger& ledger) {
    for (const fs::path& file : files_in(check.folder / "packages")) {
        check.context.check_interrupted();
        note_case_package(check, ledger, file);
    }
}

// A seal that was cut off between the package and its event leaves the first of these
// (evidence-seal --record).
void check_case_packages(CaseCheck& check) {
    for (const CaseCheck::KeptPackage& package : check.kept_packages) {
        if (!check.packages.contains(package.manifest_sha256)) {
            check.report.findings.add(
                "custody.seal-not-recorded", Layer::custody, Weight::warning,
                "no event names this package; evidence-seal --record repairs a seal that was cut "
                "off",
                package.where);
        }
        if (!package.ledger_size) continue;
        const std::string before = sealed_before(check, *package.ledger_size);
        if (package.previous_manifest_sha256 == before) continue;
        check.fail("package.previous-differs", Layer::custody,
                   before.empty()
                       ? "names a previous package, but none was sealed before it"
                       : "names another previous package than was sealed before it: " + before,
                   package.where);
    }
}

}  // namespace evidence
