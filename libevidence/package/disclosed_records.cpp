#include "package/disclosed_records.h"

#include <fmt/format.h>

#include <algorithm>

#include "acquisition/item_files.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/printable.h"
#include "digest/crc32.h"
#include "digest/merkle_tree.h"
#include "digest/pieces.h"
#include "package/object_region.h"
#include "package/package_layout.h"

namespace evidence {
namespace {

constexpr std::uint64_t lines_between_looks = 4096;  // whether the user wants to stop

std::string extension_of(std::string_view object) {
    return std::string(object.substr(object.rfind('.') + 1));
}

std::string number_of(std::string_view object) {
    return std::string(object.substr(std::string_view("data/").size(), 6));
}

RecordedObject facts_in(const Json& record, std::string_view where) {
    RecordedObject facts;
    facts.size_bytes = record.at("size_bytes").size();
    facts.digests = digest_set_from_json(record.at("digests"), where);
    if (const Json* crc = record.find("crc32")) {
        facts.crc32 = static_cast<std::uint32_t>(std::stoul(crc->string(), nullptr, 16));
    }
    if (const Json* root = record.find("pieces_root")) {
        const Bytes bytes = from_hex(root->string()).value();
        std::copy(bytes.begin(), bytes.end(), facts.pieces_root.emplace().begin());
    }
    return facts;
}

// What regions and redactions say of their object.
Json part_record(const std::string& item, std::string_view kind, const RecordedObject& facts,
                 const Sha256& of) {
    Json record = Json::object({{"crc32", crc32_hex(facts.crc32)},
                                {"digests", to_json(facts.digests)},
                                {"format", record_format},
                                {"item", item},
                                {"kind", kind},
                                {"of", to_hex(of)},
                                {"size_bytes", facts.size_bytes}});
    if (facts.pieces_root) {
        record.set("piece_size_bytes", piece_bytes);
        record.set("pieces_root", to_hex(*facts.pieces_root));
    }
    return record;
}

}  // namespace

DisclosedRecords::DisclosedRecords(const OriginPackage& origin,
                                   const DisclosureSelection& selection, DisclosureKind kind,
                                   const Context& context)
    : origin_(origin),
      selection_(selection),
      kind_(kind),
      context_(context),
      chooser_(selection),
      salts_(context.random),
      proofs_(context.scratch_folder),
      tree_(context.scratch_folder),
      lines_(context.scratch_folder),
      originals_(context.scratch_folder) {
    for (const Replacement& each : selection.replacements) {
        replacement_files_.push_back(File::open_regular(each.file));
    }
    if (kind == DisclosureKind::blind && !selection.ranges.empty()) {
        throw Error(ErrorKind::usage,
                    "a range and --blind (expected --named: what proves a range are digests of all "
                    "pieces of the object, and those have no salt)");
    }
}

void DisclosedRecords::read() {
    context_.progress.start("reading records", origin_.entry("items.jsonl").size);
    origin_.visit_lines("items.jsonl", json_max_line_bytes,
                        [this](std::string_view line, std::uint64_t number) {
                            context_.progress.advance(line.size() + 1);
                            if (number % lines_between_looks == 0) context_.check_interrupted();
                            take(line, number);
                        });
    context_.progress.finish();
    chooser_.require_all_found();
    lines_.finish();
    originals_.finish();
    check_tree();
}

void DisclosedRecords::check_tree() {
    proofs_.finish();
    const CheckpointText checkpoint = OriginView(origin_, 0).items_checkpoint();
    if (checkpoint.origin != items_origin(origin_.document().id) ||
        checkpoint.size != proofs_.size() || checkpoint.hash != proofs_.root()) {
        origin_.refuse("items.checkpoint is not that of items.jsonl");
    }
}

void DisclosedRecords::take(std::string_view line, std::uint64_t number) {
    const std::optional<ScannedRecord> record = scan_record_line(line);
    if (!record) origin_.refuse(fmt::format("items.jsonl:{} is no record", number));
    proofs_.add(record->record_bytes);
    if (!record->is_entry()) waiting_line_.clear();
    switch (chooser_.role_of(*record)) {
        case Role::withheld:
            if (selection_.with_item_record && record->kind == "tree") {
                waiting_line_ = line;
                waiting_number_ = number;
            }
            return;
        case Role::whole:
            return give_whole(line, number);
        case Role::cut:
            give_waiting_item();
            return give_cut(line, number);
        case Role::parts:
            return give_parts(line, number);
        case Role::replaced:
            if (record->is_entry()) give_waiting_item();
            return give_replacement(line, number);
    }
}

RecordLine DisclosedRecords::parse(std::string_view line, std::uint64_t number) {
    return parse_record_line(line, fmt::format("items.jsonl:{}", number), record_bytes_,
                             origin_.document().kind);
}

// `record_bytes_` are those of the original.
void DisclosedRecords::put(RecordLine line, std::uint64_t number, bool is_hidden) {
    line.record.set("salt", salts_.next());
    check_record_line(line, "new record", PackageKind::disclosure);
    tree_.add(format_record_line(line, text_));
    lines_.write(text_);
    if (kind_ == DisclosureKind::named) return;
    originals_.write(fmt::format("{} {} ", number, is_hidden ? 'h' : 'v'));
    originals_.write(record_bytes_);
    originals_.write("\n");
}

GivenObject& DisclosedRecords::new_object(std::string_view extension, std::string what) {
    if (objects_.size() == max_disclosed_objects) {
        throw Error(ErrorKind::unsupported,
                    fmt::format("too many files for one disclosure (expected at most {})",
                                max_disclosed_objects),
                    "give the whole tree, or several disclosures");
    }
    GivenObject& object = objects_.emplace_back();
    object.name = fmt::format("data/{}.{}", object_number(objects_.size()), extension);
    object.what = std::move(what);
    object.file = &origin_.file();
    object.line = tree_.size() + 1;
    return object;
}

// The object of the origin that this record is the first one of goes along.
void DisclosedRecords::begin_object(const RecordLine& line) {
    const std::string& item = line.record.at("item").string();
    const ZipEntry& entry = origin_.entry(line.object);
    GivenObject& object = new_object(extension_of(line.object), item);
    object.offset = entry.data_offset();
    object.facts = facts_in(line.record, line.object);
    if (line.is_entry()) object.facts.crc32 = entry.crc32;
    if (entry.size != object.facts.size_bytes || entry.crc32 != object.facts.crc32) {
        origin_.refuse(line.object + " is not what its record says");
    }
    payload_bytes_ += entry.size;
    last_object_ = line.object;
    if (!object.facts.pieces_root) return;
    const ZipEntry& pieces = origin_.entry("pieces/" + number_of(line.object) + ".txt");
    object.pieces = GivenFile{"pieces/" + number_of(object.name) + ".txt", &origin_.file(),
                              pieces.data_offset(), origin_.facts_of(pieces)};
}

// "acquisition/000001" by the digest of its .json, put together at the first call.
const std::map<std::string, std::string>& DisclosedRecords::acquisition_stems() {
    if (!acquisition_stems_.empty()) return acquisition_stems_;
    constexpr std::string_view ending = ".json";
    for (const ZipEntry& entry : origin_.entries()) {
        if (!entry.name.starts_with("acquisition/") || !entry.name.ends_with(ending)) continue;
        acquisition_stems_.emplace(to_hex(origin_.facts_of(entry).sha256),
                                   entry.name.substr(0, entry.name.size() - ending.size()));
    }
    return acquisition_stems_;
}

// The item's acquisition record and what stands beside it, found by its digest.
void DisclosedRecords::note_item(const RecordLine& line) {
    items_.push_back({line.record.at("item").string(), line.record.at("item_key").string()});
    const std::string& digest = line.record.at("acquisition_sha256").string();
    const std::string number =
        object_number(line.object.empty() ? objects_.size() + 1 : objects_.size());
    const auto found = acquisition_stems().find(digest);
    const std::string stem = found == acquisition_stems().end() ? "" : found->second;
    if (stem.empty()) {
        origin_.refuse("no acquisition record of item " + items_.back().id);
    }
    for (const char* extension : {".json", ".map", ".omitted.jsonl"}) {
        const ZipEntry* entry = origin_.find(stem + extension);
        if (!entry) continue;
        acquisition_.push_back({"acquisition/" + number + extension, &origin_.file(),
                                entry->data_offset(), origin_.facts_of(*entry)});
    }
}

void DisclosedRecords::give_whole(std::string_view line, std::uint64_t number) {
    RecordLine record = parse(line, number);
    if (kind_ == DisclosureKind::blind && record.record.at("kind").string() == "region") {
        throw Error(ErrorKind::refused,
                    "a range cannot be given blind: " + record.record.at("item").string() +
                        " (expected --named: what proves a range are digests of all pieces)");
    }
    if (!record.object.empty() && record.object != last_object_) begin_object(record);
    if (record.is_item()) note_item(record);
    if (!record.object.empty()) record.object = objects_.back().name;
    ++disclosed_;
    put(std::move(record), number, false);
}

void DisclosedRecords::give_item_record(RecordLine record, std::uint64_t number) {
    record.object.clear();
    note_item(record);
    ++disclosed_;
    put(std::move(record), number, false);
}

void DisclosedRecords::give_waiting_item() {
    if (waiting_line_.empty()) return;
    give_item_record(parse(waiting_line_, waiting_number_), waiting_number_);
    waiting_line_.clear();
}

void DisclosedRecords::give_cut(std::string_view line, std::uint64_t number) {
    RecordLine record = parse(line, number);
    const ZipEntry& entry = origin_.entry(record.object);
    const std::uint64_t offset = record.offset_bytes.value();
    GivenObject& object = new_object("bin", record.record.at("item").string());
    object.facts = facts_in(record.record, record.object);
    if (offset > entry.size || object.facts.size_bytes > entry.size - offset) {
        origin_.refuse(fmt::format("items.jsonl:{} names bytes outside of its object", number));
    }
    object.offset = entry.data_offset() + offset;
    // A ZIP names the CRC of an entry in front of it, and the record does not know it.
    std::uint32_t crc = 0;
    visit_content(origin_.file(), object.offset, object.facts.size_bytes, [&](ByteView bytes) {
        context_.check_interrupted();
        crc = crc32(crc, bytes);
    });
    object.facts.crc32 = crc;
    payload_bytes_ += object.facts.size_bytes;
    record.object = object.name;
    record.offset_bytes = 0;
    ++disclosed_;
    put(std::move(record), number, false);
}

void DisclosedRecords::give_parts(std::string_view line, std::uint64_t number) {
    const RecordLine record = parse(line, number);
    const std::string item = record.record.at("item").string();
    if (record.object.empty() || record.record.find("segment") ||
        !record.record.find("pieces_root")) {
        throw Error(
            ErrorKind::refused,
            fmt::format("no range of {} can be given (expected an object in one raw file of "
                        "more than 1 MiB)",
                        item),
            "choose the whole item");
    }
    const std::uint64_t size = record.record.at("size_bytes").size();
    std::vector<std::pair<std::uint64_t, std::uint64_t>> stretches;
    for (const std::size_t each : chooser_.ranges()) {
        const RangeWish& wish = selection_.ranges[each];
        if (wish.first >= size || wish.end > size) {
            throw Error(ErrorKind::not_found,
                        fmt::format("no such range: {} has {} bytes (expected an end of at most "
                                    "{})",
                                    item, size, size));
        }
        // Rounded outwards to pieces.
        const std::uint64_t end = (wish.end + piece_bytes - 1) / piece_bytes * piece_bytes;
        stretches.emplace_back(wish.first / piece_bytes * piece_bytes, std::min(end, size));
    }
    std::sort(stretches.begin(), stretches.end());
    const Sha256 leaf = merkle_leaf(as_bytes(record_bytes_));
    if (selection_.with_item_record) give_item_record(record, number);
    try {
        require_piece_list(origin_.file(), piece_list_of(record.object),
                           facts_in(record.record, record.object));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        origin_.refuse(error.message());
    }
    for (std::size_t i = 0; i < stretches.size(); ++i) {
        auto [first, end] = stretches[i];
        while (i + 1 < stretches.size() && stretches[i + 1].first <= end) {
            end = std::max(end, stretches[++i].second);
        }
        give_region(record, leaf, first, end, number);
    }
}

const ZipEntry& DisclosedRecords::piece_list_of(const std::string& object) const {
    return origin_.entry("pieces/" + number_of(object) + ".txt");
}

void DisclosedRecords::give_region(const RecordLine& of, const Sha256& leaf, std::uint64_t first,
                                   std::uint64_t end, std::uint64_t number) {
    const ZipEntry& entry = origin_.entry(of.object);
    const ZipEntry& list = piece_list_of(of.object);
    const std::string item = of.record.at("item").string();
    RegionFacts region;
    try {
        region = read_region(origin_.file(), entry, list, {first, end}, context_);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        origin_.refuse(error.message());
    }
    GivenObject& object = new_object(extension_of(of.object), item);
    object.offset = entry.data_offset() + first;
    object.facts = region.facts;
    payload_bytes_ += end - first;
    if (region.facts.pieces_root) {
        object.pieces = GivenFile{"pieces/" + number_of(object.name) + ".txt", &origin_.file(),
                                  region.list_offset, region.list};
    }
    RecordLine line;
    line.object = object.name;
    line.record = part_record(item, "region", region.facts, leaf);
    line.record.set("offset_bytes", first);
    put(std::move(line), number, false);
}

void DisclosedRecords::give_replacement(std::string_view line, std::uint64_t number) {
    const RecordLine record = parse(line, number);
    const std::string item = record.record.at("item").string();
    const File& file = replacement_files_[chooser_.replacement()];
    auto pieces = std::make_unique<Spool>(context_.scratch_folder);
    GivenObject& object = new_object("bin", item);
    object.file = &file;
    object.facts = measure_object(file, *pieces, context_);
    if (object.facts.digests.at(Algorithm::sha256) ==
        record.record.at("digests").at("sha256").string()) {
        throw Error(ErrorKind::refused,
                    "the same as what it replaces: " + printable(file.name()) +
                        " (expected a redacted copy)",
                    "give it with --only, or redact it");
    }
    payload_bytes_ += object.facts.size_bytes;
    if (object.facts.pieces_root) {
        object.pieces = GivenFile{"pieces/" + number_of(object.name) + ".txt", &pieces->file(), 0,
                                  pieces->facts()};
        replacement_pieces_.push_back(std::move(pieces));
    }
    RecordLine redaction;
    redaction.object = object.name;
    redaction.record =
        part_record(item, "redaction", object.facts, merkle_leaf(as_bytes(record_bytes_)));
    redaction.record.set("reason", selection_.reason);
    put(std::move(redaction), number, true);
}

}  // namespace evidence
