// acquisition/NNNNNN.json of each item: the same facts as its record, and what it admits.
#include <algorithm>

#include "acquisition/item_files.h"
#include "acquisition/mapfile.h"
#include "base/error.h"
#include "base/hex.h"
#include "digest/crc32.h"
#include "verification/acquisition_findings.h"
#include "verification/package_check.h"

namespace evidence {
namespace {

struct NumberBefore {
    bool operator()(const ItemFacts& item, std::string_view number) const {
        return item.object_number < number;
    }
    bool operator()(std::string_view number, const ItemFacts& item) const {
        return number < item.object_number;
    }
};

void mismatch(PackageCheck& check, std::string message, const std::string& where) {
    check.fail("acquisition.mismatch", Layer::content, std::move(message), where);
}

void check_file_digest(PackageCheck& check, const ItemFacts& item, const std::string& name) {
    const auto digest = check.digests.find(name);
    if (digest != check.digests.end() && to_hex(digest->second) == item.acquisition_sha256) return;
    mismatch(check, "the file is not the one the record names by acquisition_sha256", name);
}

void compare(PackageCheck& check, const ItemFacts& item, const AcquisitionRecord& record,
             const std::string& name) {
    if (record.item != item.item) mismatch(check, "describes another item", name);
    if (check.package && check.is_own_case() && record.case_number != check.package->case_number) {
        mismatch(check, "belongs to another case", name);
    }
    if (name_of(record.kind) != item.kind) mismatch(check, "method is not the record's kind", name);
    if (record.digests != item.digests) mismatch(check, "digests are not the record's", name);
    if (record.size_bytes != item.size_bytes) mismatch(check, "size is not the record's", name);
    const auto text = [](const Json& member) {
        return member.is_string() ? member.string() : std::string();
    };
    if (text(record.source_member) != item.source ||
        text(record.source_bytes_member) != item.source_bytes) {
        mismatch(check, "source is not the record's", name);
    }
    if (item.is_segmented) {  // crc32 and pieces_root are those of the first segment
        // Other programs may record segments of raw images in the package only.
        const bool is_told = !record.segments.empty();
        if (is_told && record.segments != item.segments) {
            mismatch(check, "segments are not those of the records", name);
        }
        return;
    }
    if (!record.segments.empty()) mismatch(check, "the record is of one file, not segments", name);
    if (item.crc32 != crc32_hex(record.crc32)) mismatch(check, "crc32 is not the record's", name);
    const std::string root = record.pieces_root ? to_hex(*record.pieces_root) : "";
    if (root != item.pieces_root) mismatch(check, "pieces_root is not the record's", name);
}

void check_omitted_list(PackageCheck& check, const ItemFacts& item,
                        const AcquisitionRecord& record) {
    const std::string name = "acquisition/" + item.object_number + ".omitted.jsonl";
    const auto digest = check.digests.find(name);
    const std::string found = digest == check.digests.end() ? "" : to_hex(digest->second);
    if (found != record.omitted_sha256.value_or("")) {
        mismatch(check, "the list of omissions is not the one the acquisition record names", name);
    }
}

// The map of bad ranges is there exactly when the acquisition record sums it up, and comes to that.
void check_map(PackageCheck& check, const ItemFacts& item, const AcquisitionRecord& record) {
    const std::string name = "acquisition/" + item.object_number + ".map";
    const ZipEntry* map = check.structure.find(name);
    if ((map != nullptr) != record.map.has_value()) {
        mismatch(check,
                 map ? "the acquisition record knows of no map of bad ranges"
                     : "the map of bad ranges that the acquisition record sums up is missing",
                 name);
        return;
    }
    if (!map) return;
    LineReader lines = LineReader::of_file(check.file, map->data_offset(), map->size, name,
                                           mapfile_max_line_bytes);
    const auto digest = check.digests.find(name);
    const bool is_the_file =
        record.map_sha256.empty() ||
        (digest != check.digests.end() && to_hex(digest->second) == record.map_sha256);
    if (is_the_file && sum_up_mapfile(lines, record.size_bytes) == *record.map) return;
    mismatch(check, "bad bytes and ranges are not those of the acquisition record", name);
}

void check_acquisition(PackageCheck& check, const ItemFacts& item) {
    const std::string name = "acquisition/" + item.object_number + ".json";
    if (!check.structure.find(name)) {
        check.fail("bag.missing-tag-file", Layer::structure, "missing from the package", name);
        return;
    }
    check_file_digest(check, item, name);
    const std::optional<std::string> text = check.text_of(name);
    if (!text) return;
    try {
        const AcquisitionRecord record = parse_acquisition_record(*text, name);
        compare(check, item, record, name);
        check.report.items.add(record);
        check_omitted_list(check, item, record);
        check_map(check, item, record);
        add_acquisition_findings(record.document, item.item, check.options.required,
                                 check.findings());
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::io) throw;
        check.fail("document.malformed", Layer::structure, error.message(), name);
    }
}

// A file about an object that is not there would be signed words about nothing. The files of an
// acquisition stand under the number of the item's first object.
void check_numbers(PackageCheck& check) {
    const auto begins_item = [&check](std::string_view number) {
        return std::binary_search(check.items.begin(), check.items.end(), number, NumberBefore());
    };
    for (const ZipEntry& entry : check.structure.entries) {
        const std::size_t slash = entry.name.find('/');
        const std::string folder = entry.name.substr(0, slash + 1);
        if (slash == std::string::npos || (folder != "acquisition/" && folder != "pieces/"))
            continue;
        const auto number = parse_object_number(entry.name.substr(slash + 1, 6));
        const bool belongs = folder == "pieces/" ? number && *number <= check.report.objects.size()
                                                 : begins_item(entry.name.substr(slash + 1, 6));
        if (belongs) continue;
        check.fail("zip.unexpected-entry", Layer::structure, "belongs to no object", entry.name);
    }
}

}  // namespace

void check_acquisitions(PackageCheck& check) {
    check_numbers(check);
    for (const ItemFacts& item : check.items) check_acquisition(check, item);
}

}  // namespace evidence
