// items.jsonl and the objects it describes: one to one, in order, every record re-derived.
#include <algorithm>
#include <charconv>
#include <set>

#include "base/checkpoint_text.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/item_id.h"
#include "verification/object_check.h"

namespace evidence {
namespace {

std::string text_member(const Json& record, std::string_view key) {
    const Json* member = record.find(key);
    return member && member->is_string() ? member->string() : std::string();
}

SegmentFacts segment_of(const Json& record) {
    SegmentFacts segment;
    segment.size_bytes = record.at("size_bytes").size();
    segment.digests = digest_set_from_json(record.at("digests"), "items.jsonl");
    const std::string crc32 = text_member(record, "crc32");
    std::from_chars(crc32.data(), crc32.data() + crc32.size(), segment.crc32, 16);
    if (const auto root = from_hex(text_member(record, "pieces_root"));
        root && root->size() == sizeof(Sha256)) {
        segment.pieces_root.emplace();
        std::copy(root->begin(), root->end(), segment.pieces_root->begin());
    }
    return segment;
}

ItemFacts facts_of(const Json& record, std::string_view number) {
    ItemFacts facts;
    facts.item = record.at("item").string();
    facts.kind = record.at("kind").string();
    facts.object_number = number;
    facts.acquisition_sha256 = text_member(record, "acquisition_sha256");
    const Json* media = record.find("media");
    facts.is_segmented = media != nullptr;
    if (media) facts.segments.push_back(segment_of(record));
    const Json& whole = media ? *media : record;
    facts.size_bytes = whole.at("size_bytes").size();
    facts.digests = digest_set_from_json(whole.at("digests"), "items.jsonl");
    facts.crc32 = text_member(record, "crc32");
    facts.pieces_root = text_member(record, "pieces_root");
    facts.source = text_member(record, "source");
    facts.source_bytes = text_member(record, "source_bytes");
    if (const auto key = from_hex(text_member(record, "item_key")); key && key->size() == 16) {
        facts.key.emplace();
        std::copy(key->begin(), key->end(), facts.key->begin());
    }
    return facts;
}

// What a disclosure may have as an object besides items.
bool is_part_kind(std::string_view kind) {
    return kind == "entry" || kind == "region" || kind == "redaction";
}

bool is_item_or_segment(const Json& record) { return !is_part_kind(record.at("kind").string()); }

// Remembers an item by its first record; later segments belong to it.
void note_item(PackageCheck& check, const Json& record, const std::string& number,
               std::set<std::string>& seen) {
    if (record.at("kind").string() == "segment") {
        if (!check.items.empty()) check.items.back().segments.push_back(segment_of(record));
        return;
    }
    ItemFacts facts = facts_of(record, number);
    if (!seen.insert(fold_case(facts.item)).second) {
        check.fail("records.item-duplicate", Layer::structure,
                   "the id of an item stands twice (upper and lower case are one)", facts.item);
    }
    check.items.push_back(std::move(facts));
}

// The record of `entry` when it is next in line. Records of objects that are not there were passed
// over before, so that one missing object does not put all others out of step.
std::optional<RecordLine> record_for(PackageCheck& check, const ZipEntry& entry,
                                     RecordStream& records, std::set<std::string>& items) {
    while (const RecordLine* line = records.peek()) {
        if (line->object.empty()) {  // only a disclosure may have one: a part of the item follows
            note_item(check, records.take().record, entry.name.substr(5, 6), items);
            continue;
        }
        if (line->object >= entry.name) break;
        check.fail("records.unexpected", Layer::content,
                   "a record of an object that is not in the package: " + line->object,
                   records.where());
        records.take();
    }
    const RecordLine* line = records.peek();
    const bool may_be_entry = check.is_disclosure() && line && line->offset_bytes == 0;
    if (line && line->object == entry.name && (!line->is_entry() || may_be_entry)) {
        return records.take();
    }
    check.fail("payload.unexpected", Layer::content, "an object without a record", entry.name);
    return std::nullopt;
}

// The layout allows each of these names; the record says which of them it has to be.
void check_extension(PackageCheck& check, const ZipEntry& entry, const Json& record) {
    const std::string& kind = record.at("kind").string();
    const std::string extension = entry.name.substr(std::string_view("data/000001").size());
    if (is_part_kind(kind)) {
        if (extension == ".bin" || (kind == "region" && extension == ".img")) return;
        check.fail("payload.wrong-extension", Layer::structure,
                   "not a name for an object of kind " + kind, entry.name);
        return;
    }
    // A further segment is of the kind of its item.
    const bool is_further = kind == "segment" && !check.items.empty();
    const auto item_kind = item_kind_named(is_further ? check.items.back().kind : kind);
    const Json* segment = record.find("segment");
    const fs::path expected =
        !item_kind ? ""
        : segment  ? segment_file_name(*item_kind, static_cast<std::size_t>(segment->size() - 1))
                   : std::string(object_file_name(*item_kind));
    if (extension == expected.extension().native()) return;
    check.fail("payload.wrong-extension", Layer::structure,
               "not a name for an object of kind " + kind, entry.name);
}

struct ItemPass {
    RecordStream records;
    SegmentCheck segments;
    std::set<std::string> items;  // ids in lower case
};

void check_object_and_record(PackageCheck& check, const ZipEntry& entry, ItemPass& pass) {
    const std::string number = entry.name.substr(5, 6);
    if (number != object_number(check.report.objects.size() + 1)) {
        check.fail("payload.numbering", Layer::structure,
                   "objects are not numbered 000001, 000002, ...", entry.name);
    }
    const std::optional<RecordLine> line = record_for(check, entry, pass.records, pass.items);
    const Json* record = line ? &line->record : nullptr;
    if (record && layout_position(entry.name)) {
        check_extension(check, entry, *record);
    }
    if (record && is_item_or_segment(*record)) note_item(check, *record, number, pass.items);
    check.report.objects.push_back(check_object(check, entry, record, pass.records, pass.segments));
}

void check_tree_head(PackageCheck& check, const RecordStream::Tree& tree) {
    const std::optional<std::string> text = check.text_of("items.checkpoint");
    if (!text) return;
    try {
        const CheckpointText head = parse_checkpoint(*text, "items.checkpoint");
        if (check.package && head.origin != items_origin(check.package->id)) {
            check.fail("package.id-differs", Layer::structure,
                       "origin does not name the package of package.json", "items.checkpoint");
        }
        if (head.size != tree.size) {
            check.fail("items.size-mismatch", Layer::content,
                       "says " + std::to_string(head.size) + " records, items.jsonl has " +
                           std::to_string(tree.size),
                       "items.checkpoint");
        }
        if (head.hash != tree.root) {
            check.fail("items.root-mismatch", Layer::content, "the root is not that of the records",
                       "items.checkpoint");
        }
    } catch (const Error& error) {
        check.fail("document.malformed", Layer::structure, error.message(), "items.checkpoint");
    }
}

void check_counts(PackageCheck& check, const RecordStream::Tree& tree) {
    if (check.report.objects.empty()) {
        check.fail("payload.missing", Layer::content, "the package holds no object", "data/");
    }
    if (!check.package) return;
    if (check.package->objects != check.report.objects.size()) {
        check.fail("package.count-mismatch", Layer::content,
                   "says " + std::to_string(check.package->objects) + " objects, there are " +
                       std::to_string(check.report.objects.size()),
                   "package.json");
    }
    if (check.package->records != tree.size) {
        check.fail("package.count-mismatch", Layer::content,
                   "says " + std::to_string(check.package->records) + " records, there are " +
                       std::to_string(tree.size),
                   "package.json");
    }
}

}  // namespace

void check_items(PackageCheck& check) {
    const ZipEntry* items = check.structure.find("items.jsonl");
    if (!items) return;
    ItemPass pass{RecordStream(check, *items), SegmentCheck(check), {}};
    for (const ZipEntry& entry : check.structure.entries) {
        if (is_payload(entry.name)) check_object_and_record(check, entry, pass);
    }
    pass.segments.finish();
    const RecordStream::Tree tree = pass.records.finish(check);
    check.report.records = tree.size;
    check_tree_head(check, tree);
    check_counts(check, tree);
}

}  // namespace evidence
