// The items of a case: every file against the acquisition record and the acquire event.
#include <algorithm>
#include <set>

#include "acquisition/item_files.h"
#include "acquisition/mapfile.h"
#include "acquisition/resumable_object.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "base/line_reader.h"
#include "digest/digest.h"
#include "digest/merkle_tree.h"
#include "verification/acquisition_findings.h"
#include "verification/case_check.h"
#include "verification/case_object_check.h"

namespace evidence {
namespace {

constexpr std::size_t record_max_bytes = 16 * mib;

// The chain decides which record is the right one: nothing protects the item table.
void check_record_digest(CaseCheck& check, const ItemRow& item, std::string_view text,
                         const std::string& where) {
    const auto acquired = check.acquired.find(item.id);
    const std::string& promised = acquired == check.acquired.end()
                                      ? item.acquisition_sha256
                                      : acquired->second.acquisition_sha256;
    if (sha256_hex(text) == promised) return;
    check.fail("acquisition.mismatch", Layer::content,
               "not the record that the acquire event names", where);
}

void check_item_record(CaseCheck& check, const ItemRow& item, const AcquisitionRecord& record,
                       const std::string& where) {
    if (record.item != item.id || record.case_number != check.report.case_number) {
        check.fail("acquisition.mismatch", Layer::content, "describes another item or case", where);
    }
    const auto acquired = check.acquired.find(item.id);
    if (acquired == check.acquired.end() || acquired->second.digests != record.digests) {
        check.fail("custody.acquire-mismatch", Layer::custody,
                   "the acquire event does not have the digests of the acquisition record", where);
    }
}

// A file beside the object that must have this digest, and must not be there without one.
void check_side_file(CaseCheck& check, const std::string& name,
                     const std::optional<std::string>& sha256) {
    const bool present = fs::exists(fs::symlink_status(check.folder / name));
    if (!sha256 && !present) return;
    if (sha256 && present && sha256_of_case_file(check, name) == *sha256) return;
    check.fail("acquisition.mismatch", Layer::content,
               "not the file the acquisition record names by its digest", name);
}

// The map of bad ranges is there exactly when the record sums it up, and comes to that.
void check_map(CaseCheck& check, const std::string& name, const AcquisitionRecord& record) {
    const bool is_there = fs::exists(fs::symlink_status(check.folder / name));
    if (is_there != record.map.has_value()) {
        check.fail("acquisition.mismatch", Layer::content,
                   is_there
                       ? "the acquisition record knows of no map of bad ranges"
                       : "the map of bad ranges that the acquisition record sums up is missing",
                   name);
        return;
    }
    if (!is_there) return;
    const File file = File::open_regular(check.folder / name);
    LineReader lines = LineReader::of_file(file, 0, file.size(), name, mapfile_max_line_bytes);
    const bool is_the_file =
        record.map_sha256.empty() || sha256_of_case_file(check, name) == record.map_sha256;
    if (is_the_file && sum_up_mapfile(lines, record.size_bytes) == *record.map) return;
    check.fail("acquisition.mismatch", Layer::content,
               "bad bytes and ranges are not those of the acquisition record", name);
}

// pieces.txt against the root in the record: one hex digest per piece and line.
void check_pieces(CaseCheck& check, const std::string& name, const AcquisitionRecord& record) {
    MerkleTree tree;
    bool well_formed = true;
    if (path_exists(check.folder / name)) {
        const File file = File::open_regular(check.folder / name);
        LineReader lines = LineReader::of_file(file, 0, file.size(), name, 64);
        while (const auto line = lines.next()) {
            const std::optional<Bytes> digest = from_hex(*line);
            well_formed = well_formed && digest && digest->size() == 32;
            if (digest) tree.add_leaf(merkle_leaf(*digest));
        }
    }
    const bool fits =
        record.pieces_root ? well_formed && tree.root() == *record.pieces_root : tree.size() == 0;
    if (fits) return;
    check.fail("pieces.mismatch", Layer::content,
               "not the list of pieces the acquisition record names by its root", name);
}

void check_side_files(CaseCheck& check, const ItemRow& item, const AcquisitionRecord& record) {
    const std::string folder = "items/" + item.id + "/";
    check_side_file(check, folder + "index.jsonl", record.index_sha256);
    check_side_file(check, folder + "omitted.jsonl", record.omitted_sha256);
    check_map(check, folder + "map", record);
    check_pieces(check, folder + "pieces.txt", record);
}

// Files that no record knows: in a split image they would be taken for a part of it.
void check_unknown_files(CaseCheck& check, const ItemRow& item, const AcquisitionRecord& record) {
    const std::string folder = "items/" + item.id;
    std::vector<std::string> known = object_file_names(record);
    known.insert(known.end(), {"acquisition.json", "pieces.txt", "index.jsonl", "omitted.jsonl",
                               std::string(map_file_name)});
    visit_folder(check.folder / folder, [&](const fs::path& file) {
        const std::string name = file.filename().native();
        if (std::find(known.begin(), known.end(), name) != known.end()) return;
        if (is_of_unfinished(name)) return;
        check.report.findings.add("custody.unrecorded-file", Layer::custody, Weight::warning,
                                  "the acquisition record does not know this file",
                                  folder + "/" + name);
    });
}

// Folders that no event knows: an acquisition that was cut off, or something slipped in.
void check_unknown_items(CaseCheck& check) {
    std::set<std::string> known;
    for (const ItemRow& item : check.items) known.insert(item.id);
    if (!is_folder(check.folder / "items")) return;
    visit_folder(check.folder / "items", [&](const fs::path& entry) {
        const std::string name = entry.filename().native();
        if (known.contains(name)) return;
        const bool is_unfinished = name.starts_with('.');
        check.report.findings.add("custody.unrecorded-item", Layer::custody, Weight::warning,
                                  is_unfinished
                                      ? "what an unfinished acquisition left; --resume may go on "
                                        "with it"
                                      : "the ledger does not know this item",
                                  "items/" + name);
    });
}

void check_item(CaseCheck& check, const ItemRow& item) {
    const std::string where = "items/" + item.id + "/acquisition.json";
    VerifiedObject object;
    object.item = item.id;
    object.name = "items/" + item.id;
    try {
        const std::string text =
            read_small_file(File::open_regular(check.folder / where), record_max_bytes);
        check_record_digest(check, item, text, where);
        const AcquisitionRecord record = parse_acquisition_record(text, where);
        check_item_record(check, item, record, where);
        check.report.items.add(record);
        object.kind = name_of(record.kind);
        object.name += "/" + object_file_names(record).front();
        check_case_object(check, record, object);
        check_side_files(check, item, record);
        check_unknown_files(check, item, record);
        add_acquisition_findings(record.document, item.id, check.report.findings);
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::interrupted) throw;
        const bool missing = error.kind() == ErrorKind::not_found;
        // What could not be read was not shown to be wrong.
        const bool unknown = error.kind() == ErrorKind::io;
        check.report.findings.add(missing ? "payload.missing" : "payload.unreadable",
                                  Layer::content, unknown ? Weight::indeterminate : Weight::failed,
                                  error.message(), object.name);
    }
    check.report.objects.push_back(object);
}

}  // namespace

void check_case_items(CaseCheck& check) {
    for (const ItemRow& item : check.items) check_item(check, item);
    check_unknown_items(check);
}

}  // namespace evidence
