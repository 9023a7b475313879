#include "acquisition/item_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "acquisition/ewf_segments.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/item_id.h"
#include "base/utc_time.h"
#include "digest/crc32.h"
#include "digest/pieces.h"

namespace evidence {
namespace {

struct KindRow {
    ItemKind kind;
    std::string_view name, file_name, extension;
};

constexpr std::array kind_rows = {
    KindRow{ItemKind::image, "image", "image.img", "img"},
    KindRow{ItemKind::file, "file", "file.bin", "bin"},
    KindRow{ItemKind::stream, "stream", "stream.img", "img"},
    KindRow{ItemKind::tree, "tree", "tree.tar", "tar"},
    KindRow{ItemKind::e01, "e01", "image.E01", "E01"},
};

const KindRow& row_of(ItemKind kind) { return kind_rows[static_cast<std::size_t>(kind)]; }

[[noreturn]] void refuse(std::string_view where, std::string_view member,
                         std::string_view expected) {
    throw Error(ErrorKind::malformed, "acquisition record is wrong: " + std::string(where) + ": " +
                                          std::string(member) + " (expected " +
                                          std::string(expected) + ")");
}

std::string hex_member(const Json& json, std::string_view key, std::size_t digits,
                       std::string_view where) {
    const std::string& text = json.at(key).string();
    if (!is_hex(text, digits)) {
        refuse(where, key, std::to_string(digits) + " lower-case hex digits");
    }
    return text;
}

void require_time(const Json& json, std::string_view key, std::string_view where) {
    if (!parse_utc(json.at(key).string())) refuse(where, key, "a UTC time in milliseconds");
}

Sha256 sha256_from_hex(const std::string& text) {
    const Bytes bytes = *from_hex(text);
    Sha256 value{};
    std::copy(bytes.begin(), bytes.end(), value.begin());
    return value;
}

std::uint32_t crc32_from_hex(const std::string& text) {
    std::uint32_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value, 16);
    return value;
}

ItemKind method_of(const Json& json, std::string_view where) {
    const std::string& method = json.at("method").string();
    if (const auto kind = item_kind_named(method)) return *kind;
    throw Error(ErrorKind::unsupported, "acquisition method not supported: " + std::string(where) +
                                            " (expected image, file, stream, tree or e01, found " +
                                            method + ")");
}

// `source` names the origin once: as text, or as hex where the path is not UTF-8.
void read_source(AcquisitionRecord& record, std::string_view where) {
    const Json& source = record.document.at("source");
    const Json* path = source.find("path");
    const Json* path_bytes = source.find("path_bytes");
    if ((path != nullptr) == (path_bytes != nullptr)) {
        refuse(where, "source", "either path or path_bytes");
    }
    if (path) {
        record.source_member = path->string();
    } else {
        if (!from_hex(path_bytes->string())) refuse(where, "source.path_bytes", "hex");
        record.source_bytes_member = *path_bytes;
    }
}

SegmentFacts read_segment(const Json& json, std::string_view where) {
    SegmentFacts segment;
    segment.size_bytes = json.at("size_bytes").size();
    segment.digests = digest_set_from_json(json.at("digests"), where);
    segment.crc32 = crc32_from_hex(hex_member(json, "crc32", 8, where));
    if ((segment.size_bytes > piece_bytes) != (json.find("pieces_root") != nullptr)) {
        refuse(where, "segments.pieces_root", "exactly for segments over 1 MiB");
    }
    if (segment.size_bytes > piece_bytes) {
        segment.pieces_root = sha256_from_hex(hex_member(json, "pieces_root", 64, where));
    }
    return segment;
}

// Raw ones are whole pieces but for the last, so that the pieces of the object are those of its
// segments.
void check_raw_segments(const AcquisitionRecord& record, std::string_view where) {
    std::uint64_t total = 0;
    for (const SegmentFacts& segment : record.segments) {
        if (total % piece_bytes != 0) refuse(where, "segments", "whole MiB but for the last");
        if (segment.size_bytes > record.size_bytes - total) {
            refuse(where, "segments", "the size of the object");
        }
        total += segment.size_bytes;
    }
    if (total != record.size_bytes) refuse(where, "segments", "the size of the object");
}

void read_segments(AcquisitionRecord& record, std::string_view where) {
    const Json* segments = record.document.find("segments");
    if ((record.kind == ItemKind::e01 && !segments) ||
        (record.kind == ItemKind::tree && segments)) {
        refuse(where, "segments", "always of an E01 image, never of a tree");
    }
    if (!segments) return;
    const std::size_t count = segments->items().size();
    if (count == 0 || count > max_recorded_segments) refuse(where, "segments", "1 to 5000");
    for (const Json& each : segments->items()) {
        record.segments.push_back(read_segment(each, where));
    }
    if (record.kind != ItemKind::e01) check_raw_segments(record, where);
}

// Of all files of the object.
std::uint64_t pieces_of(const AcquisitionRecord& record) {
    if (record.segments.empty()) return SegmentFacts{record.size_bytes, {}, 0, {}}.pieces();
    std::uint64_t pieces = 0;
    for (const SegmentFacts& segment : record.segments) pieces += segment.pieces();
    return pieces;
}

// Members whose presence depends on the kind and the size.
void read_dependent_members(AcquisitionRecord& record, std::string_view where) {
    const Json& document = record.document;
    read_segments(record, where);
    const bool has_pieces = pieces_of(record) > 1;
    if (has_pieces != (document.find("pieces_root") != nullptr)) {
        refuse(where, "pieces_root", "exactly for objects over 1 MiB");
    }
    if (has_pieces) {
        record.pieces_root = sha256_from_hex(hex_member(document, "pieces_root", 64, where));
    }
    if (document.find("index_sha256")) {
        if (record.kind != ItemKind::tree) refuse(where, "index_sha256", "only for trees");
        record.index_sha256 = hex_member(document, "index_sha256", 64, where);
    }
    if (const Json* map = document.find("map")) {
        record.map = {map->at("bad_bytes").size(), map->at("ranges").size()};
        if (map->find("sha256")) record.map_sha256 = hex_member(*map, "sha256", 64, where);
    }
    if (const Json* account = document.find("account")) {
        const std::uint64_t accounted = account->at("collected").size() +
                                        account->at("excluded").size() +
                                        account->at("failed").size();
        if (account->at("seen").size() != accounted) {
            refuse(where, "account", "seen = collected + excluded + failed");
        }
        account->at("changed").size();
        if (account->find("omitted_sha256")) {
            if (record.kind != ItemKind::tree) refuse(where, "omitted_sha256", "only for trees");
            record.omitted_sha256 = hex_member(*account, "omitted_sha256", 64, where);
        }
    }
}

AcquisitionRecord read_record(Json parsed, std::string_view where) {
    AcquisitionRecord record;
    record.document = std::move(parsed);
    const Json& json = record.document;
    if (json.at("format").string() != "evidence-acquisition/1") {
        throw Error(ErrorKind::unsupported,
                    "not an acquisition record of version 1: " + std::string(where) +
                        " (expected format evidence-acquisition/1)");
    }
    record.case_number = json.at("case").string();
    record.item = json.at("item").string();
    if (!is_item_id(record.item)) refuse(where, "item", "an item id");
    record.kind = method_of(json, where);
    record.size_bytes = json.at("size_bytes").size();
    record.digests = digest_set_from_json(json.at("digests"), where);
    record.crc32 = crc32_from_hex(hex_member(json, "crc32", 8, where));
    hex_member(json, "salt", 32, where);
    require_time(json, "started_at", where);
    require_time(json, "completed_at", where);
    if (!is_zone_offset(json.at("zone").string())) refuse(where, "zone", "an offset like +07:00");
    json.at("clock").at("source").string();
    json.at("tool").at("name").string();
    json.at("tool").at("version").string();
    read_source(record, where);
    read_dependent_members(record, where);
    return record;
}

}  // namespace

std::string_view name_of(ItemKind kind) { return row_of(kind).name; }
std::string_view object_file_name(ItemKind kind) { return row_of(kind).file_name; }
std::string_view object_extension(ItemKind kind) { return row_of(kind).extension; }

std::string segment_file_name(ItemKind kind, std::size_t number) {
    const std::string extension = kind == ItemKind::e01
                                      ? ewf_segment_extension(static_cast<unsigned>(number) + 1)
                                      : fmt::format("{:03}", number);
    return fs::path(object_file_name(kind)).stem().native() + "." + extension;
}

std::vector<std::string> segment_file_names(ItemKind kind, std::size_t count) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < count; ++i) names.push_back(segment_file_name(kind, i));
    return names;
}

std::uint64_t SegmentFacts::pieces() const {
    return size_bytes == 0 ? 1 : (size_bytes - 1) / piece_bytes + 1;
}

std::vector<std::string> object_file_names(const AcquisitionRecord& record) {
    if (record.segments.empty()) return {std::string(object_file_name(record.kind))};
    return segment_file_names(record.kind, record.segments.size());
}

Json to_json(const std::vector<SegmentFacts>& segments) {
    Json array = Json::array();
    for (const SegmentFacts& segment : segments) {
        Json json = Json::object({{"crc32", crc32_hex(segment.crc32)},
                                  {"digests", to_json(segment.digests)},
                                  {"size_bytes", segment.size_bytes}});
        if (segment.pieces_root) json.set("pieces_root", to_hex(*segment.pieces_root));
        array.push_back(std::move(json));
    }
    return array;
}

std::optional<ItemKind> item_kind_named(std::string_view name) {
    const auto row = std::find_if(kind_rows.begin(), kind_rows.end(),
                                  [name](const KindRow& each) { return each.name == name; });
    if (row == kind_rows.end()) return std::nullopt;
    return row->kind;
}

AcquisitionRecord parse_acquisition_record(std::string_view document, std::string_view where) try {
    return read_record(parse_canonical_document(document, where), where);
} catch (const Error& error) {
    // Json's own errors know the member but not the document.
    if (error.message().find(where) != std::string::npos) throw;
    throw Error(error.kind(),
                "acquisition record is wrong: " + std::string(where) + ": " + error.message());
}

}  // namespace evidence
