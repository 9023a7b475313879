// items.jsonl and the objects it describes: one to one, in order, every record re-derived.
#include "base/checkpoint_text.h"
#include "base/error.h"
#include "base/hex.h"
#include "verification/object_check.h"

namespace evidence {
namespace {

std::string text_member(const Json& record, std::string_view key) {
    const Json* member = record.find(key);
    return member && member->is_string() ? member->string() : std::string();
}

ItemFacts facts_of(const Json& record, std::string_view number) {
    ItemFacts facts;
    facts.item = record.at("item").string();
    facts.kind = record.at("kind").string();
    facts.object_number = number;
    facts.acquisition_sha256 = text_member(record, "acquisition_sha256");
    facts.size_bytes = record.at("size_bytes").size();
    facts.digests = digest_set_from_json(record.at("digests"), "items.jsonl");
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

// The record of `entry` when it is next in line. Records of objects that are not there were passed
// over before, so that one missing object does not put all others out of step.
std::optional<RecordLine> record_for(PackageCheck& check, const ZipEntry& entry,
                                     RecordStream& records) {
    while (const RecordLine* line = records.peek()) {
        if (line->object >= entry.name) break;
        check.fail("records.unexpected", Layer::content,
                   "a record of an object that is not in the package: " + line->object,
                   records.where());
        records.take();
    }
    const RecordLine* line = records.peek();
    if (line && line->object == entry.name && !line->is_entry()) return records.take();
    check.fail("payload.unexpected", Layer::content, "an object without a record", entry.name);
    return std::nullopt;
}

void check_object_and_record(PackageCheck& check, const ZipEntry& entry, RecordStream& records) {
    const std::string number = entry.name.substr(5, 6);
    if (number != object_number(check.report.objects.size() + 1)) {
        check.fail("payload.numbering", Layer::structure,
                   "objects are not numbered 000001, 000002, ...", entry.name);
    }
    std::optional<RecordLine> line = record_for(check, entry, records);
    if (line) {
        if (line->record.at("item").is_string() && line->record.find("digests")) {
            check.items.push_back(facts_of(line->record, number));
        }
        ++check.object_records;
    }
    check.report.objects.push_back(
        check_object(check, entry, line ? &line->record : nullptr, records));
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
    RecordStream records(check, *items);
    for (const ZipEntry& entry : check.structure.entries) {
        if (is_payload(entry.name)) check_object_and_record(check, entry, records);
    }
    const RecordStream::Tree tree = records.finish(check);
    check.report.records = tree.size;
    check_tree_head(check, tree);
    check_counts(check, tree);
}

}  // namespace evidence
