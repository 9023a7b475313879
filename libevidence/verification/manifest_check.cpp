// Every digest against every list: the bag's two manifests and the ASiC manifests are made anew
// from the entries and compared, so no parser meets them. Where they differ, the files they are
// wrong about are named. Lists are compared line by line: nobody can make one grow in memory.
#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "base/hex.h"
#include "base/line_reader.h"
#include "package/manifests.h"
#include "verification/archive_manifest_check.h"
#include "verification/package_check.h"

namespace evidence {
namespace {

constexpr std::size_t manifest_line_max_bytes = 1024;

// Names and digests as PackageCheck keeps them.
using DigestedEntry = std::pair<const std::string, Sha256>;

// A list as it should be.
struct ExpectedList {
    std::vector<std::string> head, tail;  // lines before and after those of the files
    std::string (*file_line)(std::string_view name, const Sha256& sha256);
    std::string_view before_name, after_name;  // what a file's line has on both sides of its name
    std::size_t name_offset;                   // where the name begins
    std::vector<const DigestedEntry*> files;

    std::string line_of(const DigestedEntry& file) const {
        std::string line = file_line(file.first, file.second);
        line.pop_back();  // the newline
        return line;
    }
    std::size_t lines() const { return head.size() + files.size() + tail.size(); }
    std::string line(std::size_t index) const {
        if (index < head.size()) return head[index];
        index -= head.size();
        return index < files.size() ? line_of(*files[index]) : tail[index - files.size()];
    }
    // The name in a line that has the form of a file's line; otherwise anything.
    std::string_view name_in(std::string_view line) const {
        if (line.size() < name_offset || !line.starts_with(before_name)) return {};
        line.remove_prefix(name_offset);
        return after_name.empty() ? line : line.substr(0, line.find(after_name));
    }
};

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end + 1);
    }
    return lines;
}

ExpectedList expected_bag_list() { return {{}, {}, bag_manifest_line, "", "", 64 + 2, {}}; }

ExpectedList expected_asic_list(std::string_view signature) {
    constexpr std::string_view before_name = "<asic:DataObjectReference URI=\"";
    return {lines_of(asic_manifest_head(signature)),
            lines_of(asic_manifest_tail),
            asic_manifest_line,
            before_name,
            "\"",
            before_name.size(),
            {}};
}

// Adds a file, unless it was unreadable; it has a finding of its own then.
void add_file(const PackageCheck& check, ExpectedList& list, std::string_view name) {
    const auto digest = check.digests.find(name);
    if (digest != check.digests.end()) list.files.push_back(&*digest);
}

// The files of one list in entry order.
void add_files_where(const PackageCheck& check, ExpectedList& list,
                     bool (*belongs)(std::string_view)) {
    for (const ZipEntry& entry : check.structure.entries) {
        if (belongs(entry.name)) add_file(check, list, entry.name);
    }
}

LineReader lines_of_entry(const PackageCheck& check, const ZipEntry& entry) {
    return LineReader::of_file(check.file, entry.data_offset(), entry.size, entry.name,
                               manifest_line_max_bytes);
}

bool is_exact(const PackageCheck& check, const ZipEntry& entry, const ExpectedList& expected) try {
    LineReader lines = lines_of_entry(check, entry);
    for (std::size_t i = 0; i < expected.lines(); ++i) {
        const auto line = lines.next();
        if (!line || *line != expected.line(i)) return false;
    }
    return !lines.next() && !lines.ended_without_newline();
} catch (const Error& error) {
    if (error.kind() != ErrorKind::malformed) throw;
    return false;  // a line longer than any of ours
}

// Which of the files have their line somewhere in the list.
std::vector<bool> listed_files(const PackageCheck& check, const ZipEntry& entry,
                               const ExpectedList& expected) {
    std::vector<bool> listed(expected.files.size());
    std::vector<std::uint32_t> by_name(expected.files.size());
    std::iota(by_name.begin(), by_name.end(), 0u);
    const auto name_at = [&](std::uint32_t i) -> std::string_view {
        return expected.files[i]->first;
    };
    std::sort(by_name.begin(), by_name.end(),
              [&](std::uint32_t a, std::uint32_t b) { return name_at(a) < name_at(b); });
    try {
        LineReader lines = lines_of_entry(check, entry);
        while (const auto line = lines.next()) {
            check.context.check_interrupted();
            const std::string_view name = expected.name_in(*line);
            const auto found = std::lower_bound(
                by_name.begin(), by_name.end(), name,
                [&](std::uint32_t i, std::string_view wanted) { return name_at(i) < wanted; });
            if (found == by_name.end() || name_at(*found) != name) continue;
            if (*line == expected.line_of(*expected.files[*found])) listed[*found] = true;
        }
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
    }
    return listed;
}

// Says which files a list is wrong about.
void name_differences(const PackageCheck& check, const ZipEntry& entry,
                      const ExpectedList& expected) {
    const std::vector<bool> listed = listed_files(check, entry, expected);
    std::size_t named = 0;
    for (std::size_t i = 0; i < listed.size() && named < Findings::max_per_code; ++i) {
        if (listed[i]) continue;
        ++named;
        check.fail("manifest.digest-mismatch", Layer::content,
                   entry.name + " lists another digest for this file, or none",
                   expected.files[i]->first);
    }
    if (named == 0) {
        check.fail("manifest.malformed", Layer::structure,
                   "lists files that are not there, or is not in its exact form", entry.name);
    }
}

void compare_list(PackageCheck& check, std::string_view list, const ExpectedList& expected) {
    const ZipEntry* entry = check.structure.find(list);
    if (!entry) return;
    if (is_exact(check, *entry, expected)) {
        check.exact_lists.emplace(list);
    } else {
        name_differences(check, *entry, expected);
    }
}

void check_bag_manifest(PackageCheck& check, std::string_view list,
                        bool (*belongs)(std::string_view)) {
    ExpectedList expected = expected_bag_list();
    add_files_where(check, expected, belongs);
    compare_list(check, list, expected);
}

// A manifest that lists all that 001 lists.
void check_full_manifest(PackageCheck& check, const MetaInfPair& pair) {
    ExpectedList expected = expected_asic_list(pair.token);
    add_files_where(check, expected, is_in_manifest_001);
    compare_list(check, pair.manifest, expected);
}

void check_manifest_of(PackageCheck& check, const MetaInfPair& pair,
                       std::span<const std::string_view> names) {
    ExpectedList expected = expected_asic_list(pair.token);
    for (std::string_view name : names) add_file(check, expected, name);
    compare_list(check, pair.manifest, expected);
}

// An archive time-stamp covers every file that stands before its manifest.
void check_archive_manifest(PackageCheck& check, const MetaInfPair& pair) {
    ExpectedList expected = expected_asic_list(pair.token);
    for (const ZipEntry& entry : check.structure.entries) {
        if (entry.name == pair.manifest) break;
        add_file(check, expected, entry.name);
    }
    compare_list(check, pair.manifest, expected);
}

void check_archive_manifests(PackageCheck& check) {
    ArchiveManifestCheck anew(check);
    for (const MetaInfPair& pair : archive_time_stamps(check)) {
        const Algorithm algorithm = archive_algorithm(check, pair);
        if (algorithm == Algorithm::sha256) {
            check_archive_manifest(check, pair);
        } else {
            anew.run(pair, algorithm);
        }
    }
}

}  // namespace

void check_manifests(PackageCheck& check) {
    check_bag_manifest(check, "manifest-sha256.txt", is_payload);
    check_bag_manifest(check, "tagmanifest-sha256.txt", is_in_tagmanifest);
    check_full_manifest(check, signature_pair(1));
    check_manifest_of(check, signature_pair(2), names_in_manifest_002);
    const std::string_view in_003[] = {manifest_001, signature_001};
    const std::string_view in_004[] = {manifest_002, signature_002};
    check_manifest_of(check, time_stamp_pair(3), in_003);
    check_manifest_of(check, time_stamp_pair(4), in_004);
    for (const MetaInfPair& pair : announced_cosignatures(check)) check_full_manifest(check, pair);
    check_archive_manifests(check);
    const auto identity = check.digests.find(manifest_001);
    if (identity != check.digests.end()) check.report.manifest_sha256 = to_hex(identity->second);
    const auto records = check.digests.find("items.jsonl");
    if (records != check.digests.end()) check.report.records_sha256 = to_hex(records->second);
}

}  // namespace evidence
