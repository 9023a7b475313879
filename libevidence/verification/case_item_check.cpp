// The items of a case: every file against the acquisition record and the acquire event.
#include <set>

#include "acquisition/item_files.h"
#include "acquisition/mapfile.h"
#include "base/broadcast.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "base/line_reader.h"
#include "digest/crc32.h"
#include "digest/digest.h"
#include "digest/merkle_tree.h"
#include "verification/acquisition_findings.h"
#include "verification/case_check.h"
#include "verification/damaged_pieces.h"

namespace evidence {
namespace {

constexpr std::size_t record_max_bytes = 16 * mib;

std::string sha256_of_file(const CaseCheck& check, const std::string& name) {
    File file = File::open_regular(check.folder / name);
    Hasher hasher(Algorithm::sha256);
    Bytes buffer(mib);
    while (const std::size_t got = file.read_some(buffer)) {
        check.context.check_interrupted();
        hasher.update(ByteView(buffer).first(got));
    }
    return to_hex(hasher.finish_sha256());
}

// The files of an object one after another, as one stream.
class ObjectStream {
public:
    ObjectStream(const CaseCheck& check, const AcquisitionRecord& record, fs::path folder)
        : check_(check), folder_(std::move(folder)), names_(object_file_names(record)) {
        for (const SegmentFacts& segment : record.segments) sizes_.push_back(segment.size_bytes);
    }

    std::size_t read(MutableByteView buffer) {
        std::size_t done = 0;
        while (done < buffer.size()) {
            check_.context.check_interrupted();
            if (!file_.is_open() && !open_next()) break;
            const std::size_t got = file_.read_some(buffer.subspan(done));
            check_.context.progress.advance(got);
            done += got;
            if (done < buffer.size()) file_ = File();
        }
        return done;
    }
    // Whether every segment was as long as its record says.
    bool sizes_agree() const { return sizes_agree_; }

private:
    bool open_next() {
        if (next_ == names_.size()) return false;
        file_ = File::open_regular(folder_ / names_[next_]);
        if (!sizes_.empty() && file_.size() != sizes_[next_]) sizes_agree_ = false;
        ++next_;
        return true;
    }

    const CaseCheck& check_;
    fs::path folder_;
    std::vector<std::string> names_;
    std::vector<std::uint64_t> sizes_;  // of segments
    File file_;
    std::size_t next_ = 0;
    bool sizes_agree_ = true;
};

// Looks at each segment of an object that is damaged; false when none of them is wrong by itself.
bool name_damaged_segments(CaseCheck& check, const AcquisitionRecord& record,
                           const VerifiedObject& object) {
    const std::vector<std::string> names = object_file_names(record);
    const fs::path folder = fs::path(object.name).parent_path();
    bool found_one = false;
    for (std::size_t i = 0; i < record.segments.size(); ++i) {
        const std::string name = (folder / names[i]).native();
        if (sha256_of_file(check, name) == record.segments[i].digests.at(Algorithm::sha256)) {
            continue;
        }
        found_one = true;
        check.fail("payload.digest-mismatch", Layer::content,
                   "the bytes are not those that were acquired", name);
    }
    return found_one;
}

// Where an object in one piece is damaged, as far as the list of its pieces tells.
std::string damage_of(const CaseCheck& check, const AcquisitionRecord& record,
                      const fs::path& folder) {
    if (!record.pieces_root || !record.segments.empty()) return {};
    const std::string ranges =
        damaged_ranges(folder / object_file_names(record).front(), folder / "pieces.txt",
                       {record.size_bytes, *record.pieces_root}, check.context);
    return ranges.empty() ? "" : "; damaged: " + ranges;
}

void check_object(CaseCheck& check, const AcquisitionRecord& record, const fs::path& folder,
                  VerifiedObject& object) {
    std::vector<Algorithm> others;
    for (const auto& [algorithm, value] : record.digests) {
        if (algorithm != Algorithm::sha256) others.push_back(algorithm);
    }
    ObjectStream stream(check, record, folder);
    Hasher sha256(Algorithm::sha256);
    MultiHasher other_hasher(others);
    std::uint32_t crc = 0;
    const BroadcastReader reader = [&](MutableByteView buffer) { return stream.read(buffer); };
    std::vector<BroadcastConsumer> consumers = {
        [&](ByteView bytes, std::uint64_t) { sha256.update(bytes); },
        [&](ByteView bytes, std::uint64_t) {
            crc = crc32(crc, bytes);
            other_hasher.update(bytes);
        }};
    object.size_bytes = broadcast(reader, std::move(consumers));
    DigestSet digests = other_hasher.finish();
    digests[Algorithm::sha256] = object.sha256 = to_hex(sha256.finish_sha256());
    object.intact = digests == record.digests && object.size_bytes == record.size_bytes &&
                    crc == record.crc32 && stream.sizes_agree();
    if (object.intact) return;
    if (!name_damaged_segments(check, record, object)) {
        check.fail("payload.digest-mismatch", Layer::content,
                   "the bytes are not those that were acquired" + damage_of(check, record, folder),
                   object.name);
    }
}

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
    if (sha256 && present && sha256_of_file(check, name) == *sha256) return;
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
    if (sum_up_mapfile(lines, record.size_bytes) == *record.map) return;
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

// Folders that no event knows: an acquisition that was cut off, or something slipped in.
void check_unknown_items(CaseCheck& check) {
    std::set<std::string> known;
    for (const ItemRow& item : check.items) known.insert(item.id);
    if (!is_folder(check.folder / "items")) return;
    visit_folder(check.folder / "items", [&](const fs::path& entry) {
        const std::string name = entry.filename().native();
        if (known.contains(name)) return;
        check.report.findings.add("custody.unrecorded-item", Layer::custody, Weight::warning,
                                  "the ledger does not know this item", "items/" + name);
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
        object.kind = name_of(record.kind);
        const fs::path folder = check.folder / object.name;
        object.name += "/" + object_file_names(record).front();
        check_object(check, record, folder, object);
        check_side_files(check, item, record);
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
