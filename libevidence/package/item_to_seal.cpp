#include "package/item_to_seal.h"

#include <fmt/format.h>

#include <algorithm>

#include "acquisition/mapfile.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "base/line_reader.h"
#include "digest/crc32.h"
#include "digest/pieces.h"
#include "package/document_members.h"
#include "package/package_layout.h"

namespace evidence {
namespace {

constexpr std::size_t salt_bytes = 16;
constexpr std::size_t salts_at_once = 256;
constexpr std::size_t piece_line_max_bytes = 64;

[[noreturn]] void refuse(std::string_view item, const fs::path& file,
                         const std::string& difference) {
    throw Error(ErrorKind::refused,
                fmt::format("item differs from what was recorded: {}: {} ({})", item, file.native(),
                            difference),
                "leave the item as it is, find out what changed it, and acquire again if need be");
}

void require_digest(std::string_view item, const fs::path& file, const Sha256& found,
                    std::string_view expected) {
    if (to_hex(found) == expected) return;
    refuse(item, file, fmt::format("expected sha256 {}, got {}", expected, to_hex(found)));
}

// Salts are asked for in batches: a tree of a million files needs as many.
class SaltSource {
public:
    explicit SaltSource(RandomSource& random) : random_(random) {}

    std::string next() {
        if (position_ == buffer_.size()) {
            buffer_.resize(salts_at_once * salt_bytes);
            random_.fill(buffer_);
            position_ = 0;
        }
        const ByteView salt = ByteView(buffer_).subspan(position_, salt_bytes);
        position_ += salt_bytes;
        return to_hex(salt);
    }

private:
    RandomSource& random_;
    Bytes buffer_;
    std::size_t position_ = 0;
};

AcquisitionRecord read_record(const ItemRow& row, const AcquirePromise& promise,
                              const fs::path& path, std::string_view case_number) {
    const std::string document = read_small_file(path, json_max_document_bytes);
    require_digest(row.id, path, sha256(document), row.acquisition_sha256);
    if (promise.acquisition_sha256 != row.acquisition_sha256) {
        refuse(row.id, path,
               fmt::format("the acquire event says sha256 {}", promise.acquisition_sha256));
    }
    AcquisitionRecord record = parse_acquisition_record(document, path.native());
    if (record.item != row.id) refuse(row.id, path, "it is the record of item " + record.item);
    if (record.case_number != case_number) {
        refuse(row.id, path, "it is a record of case " + record.case_number);
    }
    if (record.digests.at(Algorithm::sha256) != promise.object_sha256) {
        refuse(
            row.id, path,
            fmt::format("the acquire event says the object has sha256 {}", promise.object_sha256));
    }
    return record;
}

SideFile measured(fs::path path, std::string name) {
    const ContentFacts facts = measure(File::open_read(path));
    return {std::move(path), std::move(name), facts};
}

// Every line is a digest of the right piece as far as the list itself can tell: their number and
// their root are those of the record.
void check_piece_list(std::string_view item, const fs::path& path, std::uint64_t object_size,
                      const Sha256& expected_root) {
    const File file = File::open_read(path);
    LineReader lines =
        LineReader::of_file(file, 0, file.size(), path.native(), piece_line_max_bytes);
    MerkleTree tree;
    while (const auto line = lines.next()) {
        const std::optional<Bytes> digest = from_hex(*line);
        if (!digest || line->size() != 64) refuse(item, path, "expected one digest per line");
        tree.add_leaf(merkle_leaf(*digest));
    }
    const std::uint64_t pieces = (object_size + piece_bytes - 1) / piece_bytes;
    if (tree.size() != pieces || lines.ended_without_newline()) {
        refuse(item, path, fmt::format("expected {} lines", pieces));
    }
    if (tree.root() == expected_root) return;
    refuse(
        item, path,
        fmt::format("expected pieces_root {}, got {}", to_hex(expected_root), to_hex(tree.root())));
}

void require_object(const ItemToSeal& item) {
    const std::uint64_t found = File::open_read(item.object_path).size();
    if (found == item.object.size_bytes) return;
    refuse(item.id, item.object_path,
           fmt::format("expected {} bytes, got {}", item.object.size_bytes, found));
}

// Present exactly when the record sums it up, and coming to that: nothing else vouches for it.
void add_map(ItemToSeal& item, const fs::path& path, std::string name,
             const AcquisitionRecord& record) {
    if (record.map) {
        const File file = File::open_read(path);
        LineReader lines =
            LineReader::of_file(file, 0, file.size(), path.native(), mapfile_max_line_bytes);
        if (sum_up_mapfile(lines, record.size_bytes) != *record.map) {
            refuse(item.id, path, "the record sums it up otherwise");
        }
        item.acquisition.push_back(measured(path, std::move(name)));
    } else if (fs::exists(fs::symlink_status(path))) {
        refuse(item.id, path, "the record knows of no bad ranges");
    }
}

void add_side_files(ItemToSeal& item, const fs::path& folder, const std::string& number,
                    const AcquisitionRecord& record) {
    if (record.pieces_root) {
        const fs::path path = folder / "pieces.txt";
        check_piece_list(item.id, path, record.size_bytes, *record.pieces_root);
        item.pieces = measured(path, "pieces/" + number + ".txt");
    }
    const std::string prefix = "acquisition/" + number;
    item.acquisition.push_back(measured(folder / "acquisition.json", prefix + ".json"));
    require_digest(item.id, item.acquisition.back().path, item.acquisition.back().facts.sha256,
                   item.acquisition_sha256);
    add_map(item, folder / "map", prefix + ".map", record);
    const fs::path omitted = folder / "omitted.jsonl";
    if (!record.omitted_sha256) {
        if (path_exists(omitted)) refuse(item.id, omitted, "the record knows of no omissions");
        return;
    }
    item.acquisition.push_back(measured(omitted, prefix + ".omitted.jsonl"));
    require_digest(item.id, omitted, item.acquisition.back().facts.sha256, *record.omitted_sha256);
}

RecordLine item_record(const ItemToSeal& item, std::string salt) {
    RecordLine line;
    line.object = item.object_name;
    line.record = Json::object({{"acquisition_sha256", item.acquisition_sha256},
                                {"crc32", crc32_hex(item.object.crc32)},
                                {"digests", to_json(item.object.digests)},
                                {"format", record_format},
                                {"item", item.id},
                                {"item_key", item.item_key},
                                {"kind", name_of(item.kind)},
                                {"salt", std::move(salt)},
                                {"size_bytes", item.object.size_bytes}});
    if (item.object.pieces_root) {
        line.record.set("piece_size_bytes", piece_bytes);
        line.record.set("pieces_root", to_hex(*item.object.pieces_root));
    }
    if (!item.source_member.is_null()) line.record.set("source", item.source_member);
    if (!item.source_bytes_member.is_null()) {
        line.record.set("source_bytes", item.source_bytes_member);
    }
    return line;
}

// A line of index.jsonl without object and salt.
RecordLine entry_record_line(const ItemToSeal& item, std::string_view line,
                             const std::string& where) {
    const Json json = parse_canonical(line, where);
    require_members(json, {"at", "record"}, {}, where);
    RecordLine result;
    result.object = item.object_name;
    if (const Json* offset = json.at("at").find("offset_bytes"))
        result.offset_bytes = offset->size();
    result.record = json.at("record");
    return result;
}

}  // namespace

ItemToSeal prepare_item(const CaseFolder& case_folder, const ItemRow& row,
                        const AcquirePromise& promise, std::uint64_t number) {
    const fs::path folder = case_folder.item_folder(row.id);
    const AcquisitionRecord record =
        read_record(row, promise, folder / "acquisition.json", case_folder.details().number);
    const std::string digits = object_number(number);
    ItemToSeal item;
    item.id = row.id;
    item.acquisition_sha256 = row.acquisition_sha256;
    item.kind = record.kind;
    item.source_member = record.source_member;
    item.source_bytes_member = record.source_bytes_member;
    item.item_key = to_hex(row.key);
    item.object_name = fmt::format("data/{}.{}", digits, object_extension(record.kind));
    item.object_path = folder / object_file_name(record.kind);
    item.object = {record.size_bytes, record.digests, record.crc32, record.pieces_root};
    if (record.kind == ItemKind::tree) {
        if (!record.index_sha256) {
            throw Error(ErrorKind::malformed, "acquisition record without index_sha256: " + row.id +
                                                  " (expected the digest of index.jsonl)");
        }
        item.index_path = folder / "index.jsonl";
        item.index_sha256 = *record.index_sha256;
        require_digest(item.id, item.index_path, measure(File::open_read(item.index_path)).sha256,
                       item.index_sha256);
    }
    require_object(item);
    add_side_files(item, folder, digits, record);
    return item;
}

void make_records(const ItemToSeal& item, RandomSource& random,
                  const std::function<void(const RecordLine& line)>& sink) {
    SaltSource salts(random);
    sink(item_record(item, salts.next()));
    if (item.index_path.empty()) return;
    const File index = File::open_read(item.index_path);
    Hasher hasher(Algorithm::sha256);
    LineReader lines(
        [&, offset = std::uint64_t{0}](MutableByteView buffer) mutable {
            const std::size_t got = index.read_at(buffer, offset);
            hasher.update(ByteView(buffer).first(got));
            offset += got;
            return got;
        },
        index.name(), json_max_line_bytes);
    while (const auto line = lines.next()) {
        const std::string where = fmt::format("{}:{}", index.name(), lines.line_number());
        RecordLine entry = entry_record_line(item, *line, where);
        entry.record.set("salt", salts.next());
        check_record_line(entry, where);
        if (!entry.is_entry() || entry.record.at("item").string() != item.id) {
            refuse(item.id, item.index_path, where + " is about something else");
        }
        sink(entry);
    }
    require_digest(item.id, item.index_path, hasher.finish_sha256(), item.index_sha256);
}

}  // namespace evidence
