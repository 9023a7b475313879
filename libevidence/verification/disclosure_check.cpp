// The records of a disclosure against the item tree of the package it was cut from, and of that
// one's origin, down to the first seal (evidence-package(5), "Disclosure").
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.h"
#include "base/external_sort.h"
#include "digest/merkle_tree.h"
#include "package/content_facts.h"
#include "package/item_tree.h"
#include "package/proof_line.h"
#include "package/record.h"
#include "package/record_scan.h"
#include "verification/entry_hash.h"
#include "verification/region_check.h"

namespace evidence {
namespace {

bool is_part(std::string_view record) {
    return record.find(",\"of\":\"") != std::string_view::npos;
}

constexpr std::size_t given_max_bytes = json_max_line_bytes + 256;

// A record on its way down: as the container at hand has it.
struct Given {
    // Its line in the nearest list of records above: what proofs.jsonl goes by.
    std::uint64_t number = 0;
    std::string object;  // in the package at hand; empty: none
    std::string record;  // canonical; empty: only its leaf hash is known there
    bool is_part = false;
};

// The records that are given, as one container has them.
struct GivenList {
    explicit GivenList(const fs::path& scratch_folder) : spool(scratch_folder) {}

    void add(std::uint64_t number, std::string_view object, std::string_view record) {
        spool.write(fmt::format("{} ", number));
        spool.write(object.empty() ? std::string_view("-") : object);
        spool.write(" ");
        spool.write(record);
        spool.write("\n");
    }

    Spool spool;
    std::uint64_t lines = 0;  // of the list that the numbers are about
};

class GivenRecords {
public:
    explicit GivenRecords(const Spool& spool)
        : lines_(LineReader::of_file(spool.file(), 0, spool.facts().size, "scratch file",
                                     given_max_bytes)) {}
    std::optional<Given> next() {
        const auto line = lines_.next();
        if (!line) return std::nullopt;
        const std::size_t first = line->find(' '), second = line->find(' ', first + 1);
        Given given;
        std::from_chars(line->data(), line->data() + first, given.number);
        given.object = line->substr(first + 1, second - first - 1);
        given.record = line->substr(second + 1);
        if (given.object == "-") given.object.clear();
        given.is_part = is_part(given.record);
        return given;
    }

private:
    LineReader lines_;
};

std::string object_in(std::string_view line) {
    constexpr std::string_view start = "{\"at\":{\"object\":\"";
    if (!line.starts_with(start)) return {};
    const std::string_view rest = line.substr(start.size());
    return std::string(rest.substr(0, rest.find('"')));
}

bool is_region(const std::string& record) {
    return record.find(",\"kind\":\"region\",") != std::string::npos;
}

class LevelCheck {
public:
    LevelCheck(PackageCheck& check, const OriginLevel& level, const GivenList& given)
        : check_(check),
          level_(level),
          given_(given.spool),
          given_lines_(given.lines),
          found_(std::make_unique<GivenList>(check.context.scratch_folder)) {}

    // How many records are the level's but for their salt.
    std::uint64_t as_they_are() const { return as_they_are_; }

    // What stands behind the records in this level, line by line; nullptr when not all of it is
    // there.
    std::unique_ptr<GivenList> run() {
        const bool is_complete = level_.is_named ? check_named() : check_blind();
        found_->spool.finish();
        return is_complete ? std::move(found_) : nullptr;
    }

private:
    void fail(std::string code, std::string message, std::string where) const {
        check_.fail("disclosure." + code, Layer::content, std::move(message), std::move(where));
    }
    bool check_blind();
    bool check_named();
    std::optional<ProofLine> read_proof(std::string_view text, const std::string& where);
    void check_part(const Given& part, const ScannedRecord& of, const std::string& where) const;
    void check_kind(std::string_view record, const std::string& where) const;
    void check_path(const ProofLine& line, const std::string& where) const;
    void check_record(const Given& given, const ProofLine& line, const std::string& where);

    PackageCheck& check_;
    const OriginLevel& level_;
    GivenRecords given_;
    std::uint64_t given_lines_ = 0;
    std::unique_ptr<GivenList> found_;
    std::uint64_t as_they_are_ = 0;
};

void LevelCheck::check_path(const ProofLine& line, const std::string& where) const {
    const CheckpointText& head = level_.items;
    if (line.proof.index >= head.size) {
        fail("index-out-of-range",
             fmt::format("index {} in a tree of {} records", line.proof.index, head.size), where);
    } else if (line.proof.path.size() != path_length(line.proof.index, head.size)) {
        fail("proof-length",
             fmt::format("{} hashes, the path of this index has {}", line.proof.path.size(),
                         path_length(line.proof.index, head.size)),
             where);
    } else if (root_of_path(line.leaf, line.proof.index, head.size, line.proof.path) != head.hash) {
        fail("proof-fails", "the path does not lead from the record to the root", where);
    }
}

void LevelCheck::check_record(const Given& given, const ProofLine& line, const std::string& where) {
    // Of what was hidden further up, nothing says what it was made from.
    if (given.record.empty()) return;
    if (line.record_bytes.empty() && is_region(given.record)) {
        fail("piece-differs", "a part of an object, without the original's piece digests", where);
    }
    if (!line.record_bytes.empty()) ++as_they_are_;
    const bool fits = line.record_bytes.empty()
                          ? is_made_of(given.record, line.leaf)
                          : differ_in_salt_alone(given.record, line.record_bytes);
    if (!fits) {
        fail("record-differs", "the record in the package is not this one but for its salt", where);
    }
}

// nullopt, and a finding, when it is none.
std::optional<ProofLine> LevelCheck::read_proof(std::string_view text, const std::string& where) {
    try {
        return parse_proof_line(text, where);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        fail("proof-malformed", error.message(), where);
        return std::nullopt;
    }
}

// Proofs of other records than those given have their place only where a package above, of which
// all records are told, gave them.
bool LevelCheck::check_blind() {
    const std::string name = level_.name("proofs.jsonl");
    const ZipEntry* entry = check_.structure.find(name);
    if (!entry) {
        fail("proofs-missing", "nothing proves where the records come from", name);
        return false;
    }
    HashedLines lines(check_, *entry);
    ExternalSort<std::uint64_t> indexes(check_.context.scratch_folder);
    std::uint64_t number = 0;
    bool is_complete = true;
    std::optional<Given> wanted = given_.next();
    found_->lines = given_lines_;
    while (const auto text =
               lines.next(check_.findings(), "disclosure.proof-malformed", Layer::content)) {
        check_.context.check_interrupted();
        if (++number > given_lines_) break;
        const std::optional<ProofLine> line = read_proof(*text, lines.where());
        is_complete = is_complete && line;
        if (!line) continue;
        indexes.add(line->proof.index);
        check_path(*line, lines.where());
        check_kind(line->record_bytes, lines.where());
        while (wanted && wanted->number < number) wanted = given_.next();
        for (; wanted && wanted->number == number; wanted = given_.next()) {
            check_record(*wanted, *line, lines.where());
            found_->add(number, wanted->object, line->record_bytes);
        }
    }
    lines.finish(check_);
    if (number != given_lines_) {
        fail("proofs-differ",
             fmt::format("{} than the {} records", number > given_lines_ ? "more" : "fewer",
                         given_lines_),
             name);
        return false;
    }
    std::optional<std::uint64_t> last;
    indexes.visit([&](const std::uint64_t& index) {
        if (index == last) {
            fail("leaf-duplicated", fmt::format("index {} is proven twice", index), name);
        }
        last = index;
    });
    return is_complete;
}

// A part names the record of an object, or of a file, of the same item; a region one of bytes that
// were sealed in pieces. Parts of parts there are none.
void LevelCheck::check_part(const Given& part, const ScannedRecord& of,
                            const std::string& where) const {
    const bool is_raw = of.kind == "image" || of.kind == "file" || of.kind == "stream";
    const bool is_object = is_raw || of.kind == "tree" || of.kind == "e01" || of.is_file();
    const bool fits = is_region(part.record) ? is_raw : is_object;
    const std::string item = fmt::format(",\"item\":\"{}\",", of.item);
    if (!fits || part.record.find(item) == std::string::npos) {
        fail("record-differs", "a part of, or in place of, what is no object of this item", where);
    }
}

// The first seal has no parts: they are made by cutting.
void LevelCheck::check_kind(std::string_view record, const std::string& where) const {
    const bool is_first_seal = &level_ == &check_.origins.back();
    if (is_first_seal && is_part(record)) {
        fail("record-differs", "the first seal has no regions and no redactions", where);
    }
}

bool LevelCheck::check_named() {
    const std::string name = level_.name("items.jsonl");
    const ZipEntry& entry = *check_.structure.find(name);
    ItemTree tree(check_.context.scratch_folder);
    std::optional<Given> wanted = given_.next();
    RegionCheck regions(check_);
    HashedLines lines(check_, entry);
    while (const auto text =
               lines.next(check_.findings(), "disclosure.origin-malformed", Layer::content)) {
        const std::optional<ScannedRecord> scanned = scan_record_line(*text);
        if (!scanned) {
            fail("origin-malformed", "not a record", lines.where());
            continue;
        }
        tree.add(scanned->record_bytes);
        check_kind(scanned->record_bytes, lines.where());
        bool is_taken = false;  // several regions may be of one object, all else is given once
        while (wanted) {
            const bool is_same = differ_in_salt_alone(wanted->record, scanned->record_bytes);
            const bool is_cut =
                !is_same && wanted->is_part &&
                is_made_of(wanted->record, merkle_leaf(as_bytes(scanned->record_bytes)));
            if (!is_same && !is_cut) break;
            if (is_same) ++as_they_are_;
            if (is_same || !is_region(wanted->record)) {
                if (is_taken) fail("leaf-duplicated", "a record is given twice", lines.where());
                is_taken = true;
            }
            const std::string object = object_in(*text);
            if (is_cut && is_region(wanted->record)) {
                regions.add({wanted->record, "", wanted->object},
                            {std::string(scanned->record_bytes), level_.prefix, object});
            }
            if (is_cut) check_part(*wanted, *scanned, lines.where());
            // A part stays the object that is at hand, whatever lies between.
            found_->add(lines.line_number(), wanted->object, scanned->record_bytes);
            wanted = given_.next();
        }
    }
    found_->lines = lines.line_number();
    lines.finish(check_);
    try {
        if (tree.size() != level_.items.size || tree.finish() != level_.items.hash) {
            fail("proof-fails", "the records are not those of the signed root", name);
        }
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        fail("leaf-duplicated", error.message(), name);
    }
    if (!wanted) return true;
    fail("record-differs",
         fmt::format("record {} of the package is none of the original's, or out of order",
                     wanted->number),
         name);
    return false;
}

// Writes the records down for the first level; returns what disclosure.json has to list.
std::vector<DisclosedObject> list_records(const PackageCheck& check, GivenList& given) {
    std::vector<DisclosedObject> objects;
    const ZipEntry& entry = *check.structure.find("items.jsonl");
    LineReader lines = LineReader::of_file(check.file, entry.data_offset(), entry.size,
                                           "items.jsonl", json_max_line_bytes);
    while (const auto text = lines.next()) {
        const std::optional<ScannedRecord> scanned = scan_record_line(*text);
        if (!scanned) throw Error(ErrorKind::malformed, "items.jsonl");
        std::string object = object_in(*text);
        given.add(lines.line_number(), object, scanned->record_bytes);
        const bool is_next =
            !object.empty() && (objects.empty() || objects.back().object != object);
        if (is_next && objects.size() <= max_disclosed_objects) {
            objects.push_back({std::move(object), lines.line_number()});
        }
    }
    given.lines = lines.line_number();
    given.spool.finish();
    return objects;
}

void fail_document(const PackageCheck& check, std::string_view code, std::string message) {
    check.fail(fmt::format("disclosure.{}", code), Layer::content, std::move(message),
               "disclosure.json");
}

void check_document(const PackageCheck& check, const std::vector<DisclosedObject>& objects) {
    const DisclosureDocument& document = *check.disclosure;
    if (document.objects != objects) {
        fail_document(check, "objects-differ",
                      "objects and their first records are not those of items.jsonl");
    }
    if (check.origins.empty()) return;
    const OriginLevel& origin = check.origins.front();
    if (document.of != origin.items.size || document.origin.tree_size != origin.items.size) {
        fail_document(
            check, "counts-differ",
            fmt::format("says of {} records, the original has {}", document.of, origin.items.size));
    }
    if (document.origin.items_root != origin.items.hash ||
        document.origin.package_id != origin.terms.package_id ||
        (document.kind == DisclosureKind::named) != origin.is_named) {
        fail_document(check, "origin-mixed",
                      "it was cut from another package than the one in origin/");
    }
}

void check_count(const PackageCheck& check, std::uint64_t as_they_are) {
    if (check.disclosure->disclosed == as_they_are) return;
    fail_document(check, "counts-differ",
                  fmt::format("says {} records are given as they were, there are {}",
                              check.disclosure->disclosed, as_they_are));
}

// What binds the original binds every part of it.
void check_conditions(const PackageCheck& check) {
    const Json* conditions = &check.package->conditions;
    std::string where = "package.json";
    for (const OriginLevel& level : check.origins) {
        const Json::Array& of = level.terms.conditions.items();
        const Json::Array& here = conditions->items();
        if (of.size() > here.size() || !std::equal(of.begin(), of.end(), here.begin())) {
            check.fail("disclosure.conditions-dropped", Layer::content,
                       "does not begin with the conditions of the original", where);
        }
        conditions = &level.terms.conditions;
        where = level.name("terms.json");
    }
}

}  // namespace

void check_disclosure(PackageCheck& check) {
    if (!check.is_disclosure() || !check.disclosure) return;
    if (!check.structure.find("items.jsonl")) return;
    check_conditions(check);
    auto given = std::make_unique<GivenList>(check.context.scratch_folder);
    try {
        check_document(check, list_records(check, *given));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        return;  // check_items has said so
    }
    for (const OriginLevel& level : check.origins) {
        LevelCheck level_check(check, level, *given);
        given = level_check.run();
        if (!given) return;
        const bool is_outermost = &level == &check.origins.front();
        if (is_outermost) check_count(check, level_check.as_they_are());
    }
    if (check.findings().has_failure()) return;
    check.findings().add(
        "disclosure.proven", Layer::content, Weight::info,
        fmt::format("every record is one of package {}", check.origins.back().terms.package_id),
        "disclosure.json");
}

}  // namespace evidence
