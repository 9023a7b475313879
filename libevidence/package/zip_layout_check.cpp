#include "package/zip_layout_check.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/item_id.h"
#include "package/package_layout.h"
#include "package/zip_bytes.h"

namespace evidence {
namespace {

class LayoutCheck {
public:
    LayoutCheck(const File& file, std::uint64_t prefix, ZipStructure& structure, Findings& findings)
        : file_(file), prefix_(prefix), structure_(structure), findings_(findings) {}

    void run() {
        check_contiguity();
        for (const ZipEntry& entry : structure_.entries) check_local_header(entry);
        check_names();
        check_first_entry();
        leave_out_overlapping();
    }

private:
    void fail(std::string code, std::string message, std::string where = {}) {
        findings_.add(std::move(code), Layer::structure, Weight::failed, std::move(message),
                      std::move(where));
    }

    void check_contiguity();
    void check_local_header(const ZipEntry& entry);
    void check_names();
    void check_duplicates();
    void check_first_entry();
    void leave_out_overlapping();

    const File& file_;
    std::uint64_t prefix_;
    ZipStructure& structure_;
    Findings& findings_;
};

void LayoutCheck::check_contiguity() {
    std::vector<ZipEntry>& entries = structure_.entries;
    const auto stands_before = [](const ZipEntry& a, const ZipEntry& b) {
        return a.header_offset < b.header_offset;
    };
    if (!std::is_sorted(entries.begin(), entries.end(), stands_before)) {
        fail("zip.directory-mismatch",
             "the directory lists entries in another order than they stand");
        std::stable_sort(entries.begin(), entries.end(), stands_before);
    }
    std::uint64_t expected = prefix_;
    for (const ZipEntry& entry : entries) {
        if (entry.header_offset > expected) {
            fail(
                expected == 0 ? "zip.prefix" : "zip.gap",
                fmt::format("{} bytes stand in front of the entry", entry.header_offset - expected),
                entry.name);
        } else if (entry.header_offset < expected) {
            fail("zip.overlap",
                 fmt::format("the entry begins {} bytes inside what stands before it",
                             expected - entry.header_offset),
                 entry.name);
        }
        expected = std::max(expected, entry.end_offset());
    }
    if (expected > structure_.directory_offset) {
        fail("zip.overlap", "the last entry reaches into the directory", entries.back().name);
    } else if (expected < structure_.directory_offset) {
        fail("zip.gap", fmt::format("{} bytes stand between the last entry and the directory",
                                    structure_.directory_offset - expected));
    }
}

void LayoutCheck::check_local_header(const ZipEntry& entry) {
    const std::string expected = local_header(entry.name, entry.size, entry.crc32);
    const std::string found = read_range(file_, entry.header_offset, expected.size());
    if (found == expected) return;
    if (found.size() != expected.size()) {
        fail("zip.truncated", "the file ends inside the local header", entry.name);
        return;
    }
    // CRC, sizes, lengths and name stand next to each other.
    constexpr std::size_t facts_at = local_fields_at + field_crc32;
    const bool facts_agree = found.substr(facts_at) == expected.substr(facts_at);
    fail(facts_agree ? "zip.not-profile" : "zip.directory-mismatch",
         facts_agree ? "the local header differs from the profile"
                     : "the local header does not agree with the directory",
         entry.name);
}

void LayoutCheck::check_names() {
    std::optional<LayoutPosition> before;
    for (const ZipEntry& entry : structure_.entries) {
        if (!is_entry_name(entry.name)) {
            fail("zip.entry-name", "not a name of the profile", entry.name);
            continue;
        }
        std::optional<LayoutPosition> position = layout_position(entry.name);
        if (!position) {
            fail("zip.unexpected-entry", "no entry of this name belongs in a package", entry.name);
            continue;
        }
        if (before && *position <= *before) {
            fail("zip.entry-order", "the entry does not stand in its place", entry.name);
        }
        before = std::move(position);
    }
    check_duplicates();
}

void LayoutCheck::check_duplicates() {
    std::vector<std::string> folded;
    folded.reserve(structure_.entries.size());
    for (const ZipEntry& entry : structure_.entries) folded.push_back(fold_case(entry.name));
    std::sort(folded.begin(), folded.end());
    for (std::size_t i = 1; i < folded.size(); ++i) {
        if (folded[i] != folded[i - 1]) continue;
        fail("zip.duplicate-entry", "the name occurs more than once (upper and lower case are one)",
             folded[i]);
    }
}

void LayoutCheck::check_first_entry() {
    if (!structure_.entries.empty()) {
        const ZipEntry& first = structure_.entries.front();
        if (first.name == "mimetype" && first.size == package_mimetype.size() &&
            read_range(file_, first.data_offset(), package_mimetype.size()) == package_mimetype) {
            return;
        }
    }
    fail("zip.first-entry",
         fmt::format("the first entry is not mimetype with {}", package_mimetype));
}

// Nobody can say whose the bytes are that two entries claim, and reading them once for each would
// make a small file cost any amount of time.
void LayoutCheck::leave_out_overlapping() {
    std::vector<ZipEntry>& entries = structure_.entries;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        if (i + 1 < entries.size() && entries[i].end_offset() > entries[i + 1].header_offset) {
            continue;
        }
        if (kept != i) entries[kept] = std::move(entries[i]);
        ++kept;
    }
    entries.resize(kept);
}

}  // namespace

void check_zip_layout(const File& file, std::uint64_t prefix, ZipStructure& structure,
                      Findings& findings) {
    LayoutCheck(file, prefix, structure, findings).run();
}

}  // namespace evidence
