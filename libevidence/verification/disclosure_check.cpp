// The records of a disclosure against the item tree of the package it was cut from, and of that
// one's origin, down to the first seal (evidence-package(5), "Disclosure").
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/hex.h"
#include "digest/merkle_tree.h"
#include "digest/pieces.h"
#include "package/content_facts.h"
#include "package/item_tree.h"
#include "package/proof_line.h"
#include "package/record.h"
#include "package/record_scan.h"
#include "verification/entry_hash.h"

namespace evidence {
namespace {

constexpr std::size_t given_max_bytes = json_max_line_bytes + 256;

// A record on its way down: as the container at hand has it.
struct Given {
    std::string object;  // in that container; empty: none, or not told
    std::string record;  // canonical; empty: only its leaf hash is known there
};

void write_given(Spool& spool, std::string_view object, std::string_view record) {
    spool.write(object.empty() ? std::string_view("-") : object);
    spool.write(" ");
    spool.write(record);
    spool.write("\n");
}

class GivenRecords {
public:
    explicit GivenRecords(const Spool& spool)
        : lines_(LineReader::of_file(spool.file(), 0, spool.facts().size, "scratch file",
                                     given_max_bytes)) {}
    std::optional<Given> next() {
        const auto line = lines_.next();
        if (!line) return std::nullopt;
        const std::size_t space = line->find(' ');
        Given given{std::string(line->substr(0, space)), std::string(line->substr(space + 1))};
        if (given.object == "-") given.object.clear();
        return given;
    }
    std::uint64_t number() const { return lines_.line_number(); }

private:
    LineReader lines_;
};

std::string object_in(std::string_view line) {
    constexpr std::string_view start = "{\"at\":{\"object\":\"";
    if (!line.starts_with(start)) return {};
    const std::string_view rest = line.substr(start.size());
    return std::string(rest.substr(0, rest.find('"')));
}

bool is_part(const std::string& record) { return record.find(",\"of\":\"") != std::string::npos; }

bool is_region(const std::string& record) {
    return record.find(",\"kind\":\"region\",") != std::string::npos;
}

class LevelCheck {
public:
    LevelCheck(PackageCheck& check, const OriginLevel& level, std::string prefix,
               const Spool& given)
        : check_(check),
          level_(level),
          given_prefix_(std::move(prefix)),
          given_(given),
          found_(std::make_unique<Spool>(check.context.scratch_folder)) {}

    // What stands behind the records in this level, line by line; nullptr when not all of it is
    // there.
    std::unique_ptr<Spool> run() {
        const bool is_complete = level_.is_named ? check_named() : check_blind();
        found_->finish();
        return is_complete ? std::move(found_) : nullptr;
    }

private:
    void fail(std::string code, std::string message, std::string where) const {
        check_.fail("disclosure." + code, Layer::content, std::move(message), std::move(where));
    }
    bool check_blind();
    bool check_named();
    void check_proof(const Given& given, const ProofLine& line, const std::string& where);
    void check_pieces(const Given& given, const std::string& object, const Json& whole) const;
    std::vector<std::string> list_of(const std::string& prefix, const std::string& object,
                                     std::uint64_t first, std::uint64_t count) const;

    PackageCheck& check_;
    const OriginLevel& level_;
    std::string given_prefix_;
    GivenRecords given_;
    std::unique_ptr<Spool> found_;
};

void LevelCheck::check_proof(const Given& given, const ProofLine& line, const std::string& where) {
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
    // Of what was hidden further up, nothing says what it was made from.
    if (given.record.empty()) return;
    if (line.record_bytes.empty() && is_region(given.record)) {
        fail("piece-differs", "a part of an object, without the original's piece digests", where);
    }
    const bool fits = line.record_bytes.empty()
                          ? is_made_of(given.record, line.leaf)
                          : differ_in_salt_alone(given.record, line.record_bytes);
    if (!fits) {
        fail("record-differs", "the record in the package is not this one but for its salt", where);
    }
}

bool LevelCheck::check_blind() {
    const std::string name = level_.name("proofs.jsonl");
    const ZipEntry* entry = check_.structure.find(name);
    if (!entry) {
        fail("proofs-missing", "nothing proves where the records come from", name);
        return false;
    }
    HashedLines lines(check_, *entry);
    std::vector<std::uint64_t> indexes;
    bool is_complete = true;
    while (const auto text =
               lines.next(check_.findings(), "disclosure.proof-malformed", Layer::content)) {
        check_.context.check_interrupted();
        const std::optional<Given> given = given_.next();
        if (!given) {
            fail("proofs-differ", "more proofs than records", lines.where());
            is_complete = false;
            break;
        }
        try {
            const ProofLine line = parse_proof_line(*text, lines.where());
            check_proof(*given, line, lines.where());
            indexes.push_back(line.proof.index);
            write_given(*found_, "", line.record_bytes);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::malformed) throw;
            fail("proof-malformed", error.message(), lines.where());
            is_complete = false;
            write_given(*found_, "", "");
        }
    }
    lines.finish(check_);
    if (is_complete && given_.next()) {
        fail("proofs-differ", "fewer proofs than records", name);
        is_complete = false;
    }
    std::sort(indexes.begin(), indexes.end());
    const auto twice = std::adjacent_find(indexes.begin(), indexes.end());
    if (twice != indexes.end()) {
        fail("leaf-duplicated", fmt::format("index {} is proven twice", *twice), name);
    }
    return is_complete;
}

bool LevelCheck::check_named() {
    const std::string name = level_.name("items.jsonl");
    const ZipEntry& entry = *check_.structure.find(name);
    ItemTree tree(check_.context.scratch_folder);
    std::optional<Given> wanted = given_.next();
    HashedLines lines(check_, entry);
    while (const auto text =
               lines.next(check_.findings(), "disclosure.origin-malformed", Layer::content)) {
        const std::optional<ScannedRecord> scanned = scan_record_line(*text);
        if (!scanned) {
            fail("origin-malformed", "not a record", lines.where());
            continue;
        }
        tree.add(scanned->record_bytes);
        while (wanted) {
            const bool is_same = differ_in_salt_alone(wanted->record, scanned->record_bytes);
            const bool is_cut =
                !is_same && is_part(wanted->record) &&
                is_made_of(wanted->record,
                           merkle_leaf(as_bytes(std::string(scanned->record_bytes))));
            if (!is_same && !is_cut) break;
            const std::string object = object_in(*text);
            if (is_cut && is_region(wanted->record)) {
                check_pieces(*wanted, object,
                             parse_canonical(std::string(scanned->record_bytes), lines.where()));
            }
            write_given(*found_, object, scanned->record_bytes);
            wanted = given_.next();
        }
    }
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
                     given_.number()),
         name);
    return false;
}

std::vector<std::string> LevelCheck::list_of(const std::string& prefix, const std::string& object,
                                             std::uint64_t first, std::uint64_t count) const {
    std::vector<std::string> wanted;
    if (object.size() < 11) return wanted;
    const ZipEntry* entry =
        check_.structure.find(prefix + "pieces/" + object.substr(5, 6) + ".txt");
    if (!entry) return wanted;
    LineReader lines =
        LineReader::of_file(check_.file, entry->data_offset(), entry->size, entry->name, 64);
    while (const auto line = lines.next()) {
        if (lines.line_number() <= first) continue;
        if (lines.line_number() > first + count) break;
        wanted.emplace_back(*line);
    }
    return wanted;
}

// The digests of a region's pieces stand in the list of the whole, whose root its record names.
void LevelCheck::check_pieces(const Given& given, const std::string& object,
                              const Json& whole) const try {
    const Json region = parse_canonical(given.record, "record");
    const std::uint64_t first = region.at("offset_bytes").size() / piece_bytes;
    const std::uint64_t size = region.at("size_bytes").size();
    const std::uint64_t count = (size + piece_bytes - 1) / piece_bytes;
    const std::uint64_t whole_size = whole.at("size_bytes").size();
    const std::uint64_t end = region.at("offset_bytes").size() + size;
    const std::string where = level_.name("pieces/" + object.substr(5, 6) + ".txt");
    if (size == 0 || end > whole_size || (end != whole_size && end % piece_bytes != 0)) {
        return fail("piece-differs", "the region does not consist of whole pieces", where);
    }
    const ZipEntry* list = check_.structure.find(where);
    const Json* root = whole.find("pieces_root");
    MerkleTree tree;
    if (list) {
        LineReader lines =
            LineReader::of_file(check_.file, list->data_offset(), list->size, list->name, 64);
        while (const auto line = lines.next()) {
            tree.add_leaf(merkle_leaf(from_hex(*line).value_or(Bytes())));
        }
    }
    if (!list || !root || to_hex(tree.root()) != root->string()) {
        return fail("piece-differs", "the list of pieces is not the one that was sealed", where);
    }
    const std::vector<std::string> sealed = list_of(level_.prefix, object, first, count);
    const std::vector<std::string> found =
        count == 1 ? std::vector<std::string>{region.at("digests").at("sha256").string()}
                   : list_of(given_prefix_, given.object, 0, count);
    if (sealed.size() != count || sealed != found) {
        fail("piece-differs", "the pieces of the region are not those that were sealed", where);
    }
} catch (const Error& error) {
    if (error.kind() != ErrorKind::malformed) throw;
    fail("piece-differs", error.message(), level_.prefix + "pieces");
}

// What disclosure.json counts, against the records.
struct Counts {
    std::uint64_t given_whole = 0;
    std::vector<DisclosedObject> objects;
};

Counts spool_records(const PackageCheck& check, Spool& spool) {
    Counts counts;
    const ZipEntry& entry = *check.structure.find("items.jsonl");
    LineReader lines = LineReader::of_file(check.file, entry.data_offset(), entry.size,
                                           "items.jsonl", json_max_line_bytes);
    while (const auto text = lines.next()) {
        const std::optional<ScannedRecord> scanned = scan_record_line(*text);
        if (!scanned) throw Error(ErrorKind::malformed, "items.jsonl");
        std::string object = object_in(*text);
        write_given(spool, object, scanned->record_bytes);
        const std::string record(scanned->record_bytes);
        // A part of the original, or one that was a part already there: see check_counts.
        if (!is_part(record)) ++counts.given_whole;
        const bool is_next =
            !object.empty() && (counts.objects.empty() || counts.objects.back().object != object);
        if (is_next && counts.objects.size() <= max_disclosed_objects) {
            counts.objects.push_back({std::move(object), lines.line_number()});
        }
    }
    spool.finish();
    return counts;
}

void check_counts(const PackageCheck& check, const Counts& counts) {
    const DisclosureDocument& document = *check.disclosure;
    const auto fail = [&](std::string code, std::string message) {
        check.fail("disclosure." + code, Layer::content, std::move(message), "disclosure.json");
    };
    if (document.objects != counts.objects) {
        fail("objects-differ", "objects and their first records are not those of items.jsonl");
    }
    // Parts of the original count as withheld; those it had as parts already count as given.
    if (document.disclosed < counts.given_whole || document.disclosed > check.report.records) {
        fail("counts-differ", fmt::format("says {} records are given as they were, there are {}",
                                          document.disclosed, counts.given_whole));
    }
    if (check.origins.empty()) return;
    const OriginLevel& origin = check.origins.front();
    if (document.of != origin.items.size || document.origin.tree_size != origin.items.size) {
        fail("counts-differ", fmt::format("says of {} records, the original has {}", document.of,
                                          origin.items.size));
    }
    if (document.origin.items_root != origin.items.hash ||
        document.origin.package_id != origin.terms.package_id ||
        (document.kind == DisclosureKind::named) != origin.is_named) {
        fail("origin-mixed", "it was cut from another package than the one in origin/");
    }
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
    std::unique_ptr<Spool> given = std::make_unique<Spool>(check.context.scratch_folder);
    try {
        check_counts(check, spool_records(check, *given));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        return;  // check_items has said so
    }
    std::string prefix;
    for (const OriginLevel& level : check.origins) {
        given = LevelCheck(check, level, prefix, *given).run();
        if (!given) return;
        prefix = level.prefix;
    }
    if (check.findings().has_failure()) return;
    check.findings().add(
        "disclosure.proven", Layer::content, Weight::info,
        fmt::format("every record is one of package {}", check.origins.back().terms.package_id),
        "disclosure.json");
}

}  // namespace evidence
