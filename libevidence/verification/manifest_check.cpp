// Every digest against every list: the bag's two manifests and the ASiC manifests are made anew
// from the entries and compared, so no parser meets them. Where they differ, the lines that do are
// named.
#include <set>

#include "base/error.h"
#include "base/hex.h"
#include "package/manifests.h"
#include "verification/package_check.h"

namespace evidence {
namespace {

constexpr std::size_t manifest_line_max_bytes = 1024;

// The files of one list in entry order. Entries whose digest is unknown were unreadable; they have
// findings of their own.
std::vector<ListedFile> files_where(const PackageCheck& check, bool (*belongs)(std::string_view)) {
    std::vector<ListedFile> files;
    for (const ZipEntry& entry : check.structure.entries) {
        const auto digest = check.digests.find(entry.name);
        if (belongs(entry.name) && digest != check.digests.end()) {
            files.push_back({entry.name, digest->second});
        }
    }
    return files;
}

std::vector<ListedFile> files_named(const PackageCheck& check,
                                    const std::vector<std::string>& names) {
    std::vector<ListedFile> files;
    for (const std::string& name : names) {
        const auto digest = check.digests.find(name);
        if (digest != check.digests.end()) files.push_back({name, digest->second});
    }
    return files;
}

// Says which files a list is wrong about: lines it lacks, and lines it should not have.
void name_differences(const PackageCheck& check, const std::string& list,
                      const std::string& expected, const std::vector<ListedFile>& files,
                      const std::string& actual) {
    std::set<std::string_view> lines;
    for (std::string_view rest = actual; !rest.empty();) {
        const std::size_t end = std::min(rest.find('\n'), rest.size());
        lines.insert(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    std::size_t named = 0;
    for (const ListedFile& file : files) {
        const std::string bag_line = to_hex(file.sha256) + "  " + file.name;
        const std::size_t asic_start = expected.find("URI=\"" + file.name + "\">");
        bool listed = lines.count(bag_line) > 0;
        if (!listed && asic_start != std::string::npos) {
            const std::size_t start = expected.rfind('\n', asic_start) + 1;
            const std::size_t end = expected.find('\n', asic_start);
            listed = lines.count(std::string_view(expected).substr(start, end - start)) > 0;
        }
        if (listed) continue;
        ++named;
        check.fail("manifest.digest-mismatch", Layer::content,
                   list + " lists another digest for this file, or none", file.name);
        if (named == Findings::max_per_code) break;
    }
    if (named == 0) {
        check.fail("manifest.malformed", Layer::structure,
                   "lists files that are not there, or is not in its exact form", list);
    }
}

void compare_list(const PackageCheck& check, const std::string& list, const std::string& expected,
                  const std::vector<ListedFile>& files) {
    const std::optional<std::string> actual = check.text_of(list, manifest_max_bytes);
    if (actual && *actual != expected) name_differences(check, list, expected, files, *actual);
}

void check_bag_manifests(const PackageCheck& check) {
    const std::vector<ListedFile> payload = files_where(check, is_payload);
    compare_list(check, "manifest-sha256.txt", bag_manifest(payload), payload);
    const std::vector<ListedFile> tags = files_where(check, is_in_tagmanifest);
    compare_list(check, "tagmanifest-sha256.txt", bag_manifest(tags), tags);
}

void check_asic_manifest(const PackageCheck& check, std::string_view manifest,
                         std::string_view signature, const std::vector<ListedFile>& files) {
    if (!check.structure.find(manifest)) return;
    compare_list(check, std::string(manifest), asic_manifest(signature, files), files);
}

void check_time_stamp_manifests(const PackageCheck& check) {
    const auto one = [&](std::string_view number, std::string_view of) {
        const std::string manifest = "META-INF/ASiCManifest" + std::string(number) + ".xml";
        const std::string token = "META-INF/timestamp" + std::string(number) + ".tst";
        const std::string covered(of);
        check_asic_manifest(check, manifest, token,
                            files_named(check, {"META-INF/ASiCManifest" + covered + ".xml",
                                                "META-INF/signature" + covered + ".p7s"}));
    };
    one("003", "001");
    one("004", "002");
}

}  // namespace

void check_manifests(PackageCheck& check) {
    check_bag_manifests(check);
    const std::vector<ListedFile> all = files_where(check, is_in_manifest_001);
    check_asic_manifest(check, manifest_001, signature_001, all);
    check_asic_manifest(
        check, manifest_002, signature_002,
        files_named(check, {"items.checkpoint", "custody/checkpoint", "terms.json"}));
    check_time_stamp_manifests(check);
    for (const ZipEntry& entry : check.structure.entries) {
        const std::optional<std::string> number = cosignature_number(entry.name);
        if (!number) continue;
        check_asic_manifest(check, entry.name, "META-INF/signature" + *number + ".p7s", all);
    }
    const auto identity = check.digests.find(manifest_001);
    if (identity != check.digests.end()) check.report.manifest_sha256 = to_hex(identity->second);
}

}  // namespace evidence
