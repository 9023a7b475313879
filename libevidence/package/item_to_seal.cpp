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
#include "package/salt_source.h"

namespace evidence {
namespace {

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

// The same of a stretch of a file.
SideFile measured(fs::path path, std::string name, std::uint64_t offset, std::uint64_t size) {
    ContentMeter meter;
    visit_content(File::open_read(path), offset, size,
                  [&meter](ByteView bytes) { meter.update(bytes); });
    return {std::move(path), std::move(name), meter.finish(), offset};
}

// Every line is a digest of the right piece as far as the list itself can tell: their number and
// their root are those of the record.
void check_piece_list(std::string_view item, const fs::path& path, std::uint64_t pieces,
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
    if (tree.size() != pieces || lines.ended_without_newline()) {
        refuse(item, path, fmt::format("expected {} lines", pieces));
    }
    if (tree.root() == expected_root) return;
    refuse(
        item, path,
        fmt::format("expected pieces_root {}, got {}", to_hex(expected_root), to_hex(tree.root())));
}

void require_object(std::string_view item, const ObjectToSeal& object) {
    const std::uint64_t found = File::open_read(object.path).size();
    if (found == object.facts.size_bytes) return;
    refuse(item, object.path,
           fmt::format("expected {} bytes, got {}", object.facts.size_bytes, found));
}

// The object in one file, or its segments.
std::vector<ObjectToSeal> objects_of(const AcquisitionRecord& record, const fs::path& folder,
                                     std::uint64_t number) {
    std::vector<ObjectToSeal> objects;
    const std::vector<std::string> files = object_file_names(record);
    if (record.segments.empty()) {
        const std::string name =
            fmt::format("data/{}.{}", object_number(number), object_extension(record.kind));
        objects.push_back({name,
                           folder / files[0],
                           {record.size_bytes, record.digests, record.crc32, record.pieces_root},
                           {}});
    }
    for (std::size_t i = 0; i < record.segments.size(); ++i) {
        const SegmentFacts& segment = record.segments[i];
        const std::string name = fmt::format("data/{}{}", object_number(number + i),
                                             fs::path(files[i]).extension().native());
        objects.push_back(
            {name,
             folder / files[i],
             {segment.size_bytes, segment.digests, segment.crc32, segment.pieces_root},
             {}});
    }
    return objects;
}

std::uint64_t pieces_in(const RecordedObject& object) {
    return SegmentFacts{object.size_bytes, {}, 0, {}}.pieces();
}

// The list of pieces, cut into those of each object.
void add_pieces(ItemToSeal& item, const fs::path& path, const AcquisitionRecord& record,
                std::uint64_t number) {
    if (!record.pieces_root) return;
    std::uint64_t all = 0;
    for (const ObjectToSeal& object : item.objects) all += pieces_in(object.facts);
    check_piece_list(item.id, path, all, *record.pieces_root);
    std::uint64_t offset = 0;
    for (std::size_t i = 0; i < item.objects.size(); ++i) {
        ObjectToSeal& object = item.objects[i];
        const std::uint64_t size = pieces_in(object.facts) * pieces_line_bytes;
        if (object.facts.pieces_root) {
            object.pieces =
                measured(path, "pieces/" + object_number(number + i) + ".txt", offset, size);
        }
        offset += size;
    }
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
        if (!record.map_sha256.empty()) {
            require_digest(item.id, path, item.acquisition.back().facts.sha256, record.map_sha256);
        }
    } else if (fs::exists(fs::symlink_status(path))) {
        refuse(item.id, path, "the record knows of no bad ranges");
    }
}

void add_side_files(ItemToSeal& item, const fs::path& folder, const std::string& number,
                    const AcquisitionRecord& record) {
    const std::string prefix = "acquisition/" + number;
    item.acquisition.push_back(measured(folder / acquisition_file_name, prefix + ".json"));
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

// Its lines are looked at when their records are made.
void read_index(ItemToSeal& item) {
    const File index = File::open_read(item.index_path);
    Hasher hasher(Algorithm::sha256);
    visit_content(index, 0, index.size(), [&](ByteView bytes) {
        hasher.update(bytes);
        item.index_lines +=
            static_cast<std::uint64_t>(std::count(bytes.begin(), bytes.end(), '\n'));
    });
    require_digest(item.id, item.index_path, hasher.finish_sha256(), item.index_sha256);
}

// What the record of an item and that of a further segment have in common.
RecordLine object_record(const ItemToSeal& item, std::size_t index, std::string salt) {
    const ObjectToSeal& object = item.objects[index];
    RecordLine line;
    line.object = object.name;
    line.record = Json::object({{"crc32", crc32_hex(object.facts.crc32)},
                                {"digests", to_json(object.facts.digests)},
                                {"format", record_format},
                                {"item", item.id},
                                {"kind", "segment"},
                                {"salt", std::move(salt)},
                                {"size_bytes", object.facts.size_bytes}});
    if (object.facts.pieces_root) {
        line.record.set("piece_size_bytes", piece_bytes);
        line.record.set("pieces_root", to_hex(*object.facts.pieces_root));
    }
    if (item.is_segmented) {
        line.record.set("segment", std::uint64_t{index + 1});
        line.record.set("segments", item.objects.size());
    }
    return line;
}

RecordLine item_record(const ItemToSeal& item, std::string salt) {
    RecordLine line = object_record(item, 0, std::move(salt));
    line.record.set("kind", name_of(item.kind));
    line.record.set("acquisition_sha256", item.acquisition_sha256);
    line.record.set("item_key", item.item_key);
    if (item.is_segmented) {
        line.record.set("media", Json::object({{"digests", to_json(item.digests)},
                                               {"size_bytes", item.size_bytes}}));
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
    result.object = item.objects[0].name;
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
        read_record(row, promise, folder / acquisition_file_name, case_folder.details().number);
    ItemToSeal item;
    item.id = row.id;
    item.acquisition_sha256 = row.acquisition_sha256;
    item.kind = record.kind;
    item.source_member = record.source_member;
    item.source_bytes_member = record.source_bytes_member;
    item.item_key = to_hex(row.key);
    item.size_bytes = record.size_bytes;
    item.digests = record.digests;
    item.is_segmented = !record.segments.empty();
    item.objects = objects_of(record, folder, number);
    if (record.kind == ItemKind::tree) {
        if (!record.index_sha256) {
            throw Error(ErrorKind::malformed, "acquisition record without index_sha256: " + row.id +
                                                  " (expected the digest of index.jsonl)");
        }
        item.index_path = folder / "index.jsonl";
        item.index_sha256 = *record.index_sha256;
        read_index(item);
    }
    for (const ObjectToSeal& object : item.objects) require_object(item.id, object);
    add_pieces(item, folder / pieces_file_name, record, number);
    add_side_files(item, folder, object_number(number), record);
    return item;
}

std::size_t ItemToSeal::entries() const {
    std::size_t count = acquisition.size();
    for (const ObjectToSeal& object : objects) count += object.pieces ? 2 : 1;
    return count;
}

std::uint64_t ItemToSeal::records() const { return objects.size() + index_lines; }

void make_records(const ItemToSeal& item, RandomSource& random,
                  const std::function<void(const RecordLine& line)>& sink) {
    SaltSource salts(random);
    sink(item_record(item, salts.next()));
    for (std::size_t i = 1; i < item.objects.size(); ++i) {
        sink(object_record(item, i, salts.next()));
    }
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
