#include "package/record.h"

#include <algorithm>
#include <array>

#include "acquisition/item_files.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/item_id.h"
#include "base/utf8.h"
#include "digest/pieces.h"
#include "package/document_members.h"
#include "package/package_layout.h"

namespace evidence {
namespace {

bool is_one_of(std::string_view text, MemberNames names) {
    return std::find(names.begin(), names.end(), text) != names.end();
}

// "name" as text, or "name_bytes" as hex of bytes that are not UTF-8: one of them, never both.
std::string text_or_bytes(const Json& record, std::string_view member, std::string_view where) {
    const std::string bytes_member = std::string(member) + "_bytes";
    const Json* text = record.find(member);
    const Json* bytes = record.find(bytes_member);
    if ((text != nullptr) == (bytes != nullptr)) {
        fail_member(where, member, "either it or " + bytes_member);
    }
    if (text) return text->string();
    const std::optional<Bytes> raw = from_hex(bytes->string());
    if (!raw || is_valid_utf8(as_text(*raw))) {
        fail_member(where, bytes_member, "hex of bytes that are not UTF-8");
    }
    return std::string(as_text(*raw));
}

bool is_relative_path(std::string_view path) {
    if (path.empty() || path.find('\0') != std::string_view::npos) return false;
    std::size_t start = 0;
    while (start <= path.size()) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        const std::string_view part = path.substr(start, end - start);
        if (part.empty() || part == "." || part == "..") return false;
        start = end + 1;
    }
    return true;
}

// "2025-10-25T00:00:00.000000000Z"
bool is_nanosecond_time(const std::string& text) {
    if (text.size() != 30 || text.back() != 'Z') return false;
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    return parse_utc(text.substr(0, 23) + "Z") &&
           std::all_of(text.begin() + 20, text.end() - 1, is_digit);
}

bool is_mode(const std::string& text) {
    const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
    return text.size() >= 4 && text.size() <= 7 && std::all_of(text.begin(), text.end(), is_octal);
}

void check_size_and_digests(const Json& json, std::string_view where) {
    json.at("size_bytes").size();
    digest_set_from_json(json.at("digests"), where);
}

void check_pieces(const Json& record, std::string_view where) {
    const bool has_root = record.find("pieces_root") != nullptr;
    const bool needs_root = record.at("size_bytes").size() > piece_bytes;
    if (has_root != needs_root || has_root != (record.find("piece_size_bytes") != nullptr)) {
        fail_member(where, "pieces_root", "exactly for objects over 1 MiB");
    }
    if (!has_root) return;
    hex_member(record, "pieces_root", 64, where);
    if (record.at("piece_size_bytes").size() != piece_bytes) {
        fail_member(where, "piece_size_bytes", "1048576");
    }
}

// Segment k of n; the first one describes the whole medium.
void check_segments(const Json& record, bool is_first, std::string_view where) {
    const Json* segment = record.find("segment");
    const Json* segments = record.find("segments");
    const Json* media = record.find("media");
    if ((segment != nullptr) != (segments != nullptr)) fail_member(where, "segment", "segments");
    if (!segment) {
        if (media || !is_first) fail_member(where, "segment", "to be there");
        return;
    }
    const std::uint64_t k = segment->size();
    if (k < 1 || k > segments->size() || is_first != (k == 1)) {
        fail_member(where, "segment", "a number from 1 to segments, 1 in the item's own record");
    }
    if ((media != nullptr) != is_first) fail_member(where, "media", "in the first segment");
    if (k > max_recorded_segments) fail_member(where, "segment", "at most 5000");
    if (!media) return;
    require_members(*media, {"digests", "size_bytes"}, {}, where);
    check_size_and_digests(*media, where);
}

void check_item(const Json& record, std::string_view where) {
    require_members(record,
                    {"acquisition_sha256", "crc32", "digests", "format", "item", "item_key", "kind",
                     "salt", "size_bytes"},
                    {"media", "piece_size_bytes", "pieces_root", "segment", "segments", "source",
                     "source_bytes"},
                    where);
    hex_member(record, "acquisition_sha256", 64, where);
    hex_member(record, "item_key", 32, where);
    text_or_bytes(record, "source", where);
    const std::string& kind = record.at("kind").string();
    if ((kind == "e01" && !record.find("media")) || (kind == "tree" && record.find("media"))) {
        fail_member(where, "media", "always of an E01 image, never of a tree");
    }
    check_segments(record, true, where);
}

void check_later_segment(const Json& record, std::string_view where) {
    require_members(
        record,
        {"crc32", "digests", "format", "item", "kind", "salt", "segment", "segments", "size_bytes"},
        {"piece_size_bytes", "pieces_root"}, where);
    check_segments(record, false, where);
}

void check_object(const Json& record, std::string_view where) {
    hex_member(record, "crc32", 8, where);
    check_size_and_digests(record, where);
    check_pieces(record, where);
}

void check_entry_content(const Json& record, const std::string& type, std::string_view where) {
    const bool is_file = type == "file";
    if (is_file) {
        check_size_and_digests(record, where);
    } else if (record.find("size_bytes") || record.find("digests") || record.find("changed")) {
        fail_member(where, "size_bytes", "content only of type file");
    }
    if (const Json* change = record.find("changed")) {
        require_members(*change, {"size_after", "size_before"}, {}, where);
        change->at("size_after").size();
        change->at("size_before").size();
    }
    const bool is_link = is_one_of(type, {"symlink", "hardlink"});
    if (is_link) {
        text_or_bytes(record, "target", where);
    } else if (record.find("target") || record.find("target_bytes")) {
        fail_member(where, "target", "a target only of links");
    }
}

void check_entry(const Json& record, std::string_view where) {
    require_members(record, {"format", "item", "kind", "salt", "type"},
                    {"atime", "btime", "changed", "ctime", "digests", "gid", "mode", "mtime",
                     "name", "name_bytes", "size_bytes", "target", "target_bytes", "uid"},
                    where);
    const std::string& type = record.at("type").string();
    if (!is_one_of(type,
                   {"file", "directory", "symlink", "hardlink", "fifo", "socket", "device"})) {
        fail_member(where, "type", "a kind of file");
    }
    if (!is_relative_path(text_or_bytes(record, "name", where))) {
        fail_member(where, "name", "a path relative to the source");
    }
    check_entry_content(record, type, where);
    for (const std::string_view member : {"atime", "btime", "ctime", "mtime"}) {
        const Json* time = record.find(member);
        if (time && !is_nanosecond_time(time->string())) {
            fail_member(where, member, "a time with nanoseconds");
        }
    }
    if (const Json* mode = record.find("mode"); mode && !is_mode(mode->string())) {
        fail_member(where, "mode", "octal digits");
    }
    for (const std::string_view member : {"gid", "uid"}) {
        if (const Json* id = record.find(member)) id->size();
    }
}

// A stretch of an item's object, in whole pieces; `of` is the leaf hash of the object's record.
void check_region(const Json& record, std::string_view where) {
    require_members(
        record,
        {"crc32", "digests", "format", "item", "kind", "of", "offset_bytes", "salt", "size_bytes"},
        {"piece_size_bytes", "pieces_root"}, where);
    hex_member(record, "of", 64, where);
    if (record.at("offset_bytes").size() % piece_bytes != 0) {
        fail_member(where, "offset_bytes", "a multiple of 1048576");
    }
}

// What stands in place of an object or entry; `of` is the leaf hash of that one's record.
void check_redaction(const Json& record, std::string_view where) {
    require_members(
        record,
        {"crc32", "digests", "format", "item", "kind", "of", "reason", "salt", "size_bytes"},
        {"piece_size_bytes", "pieces_root"}, where);
    hex_member(record, "of", 64, where);
    if (record.at("reason").string().empty()) fail_member(where, "reason", "words");
}

bool is_item_kind(std::string_view kind) {
    return is_one_of(kind, {"image", "file", "stream", "tree", "e01"});
}

Json at_of(const RecordLine& line) {
    if (line.object.empty()) return Json::object({});
    Json at = Json::object({{"object", line.object}});
    if (line.offset_bytes) at.set("offset_bytes", *line.offset_bytes);
    return at;
}

}  // namespace

std::string entry_text(const Json& record, std::string_view member, std::string_view where) {
    return text_or_bytes(record, member, where);
}

void check_record(const Json& record, std::string_view where, PackageKind package_kind) {
    if (record.at("format").string() != record_format) fail_member(where, "format", record_format);
    if (!is_item_id(record.at("item").string())) fail_member(where, "item", "an item id");
    hex_member(record, "salt", 32, where);
    const std::string& kind = record.at("kind").string();
    if (kind == "entry") return check_entry(record, where);
    const bool may_be_part = package_kind == PackageKind::disclosure;
    if (kind == "segment") {
        check_later_segment(record, where);
    } else if (is_item_kind(kind)) {
        check_item(record, where);
    } else if (may_be_part && kind == "region") {
        check_region(record, where);
    } else if (may_be_part && kind == "redaction") {
        check_redaction(record, where);
    } else {
        fail_member(where, "kind", "a kind of the format");
    }
    check_object(record, where);
}

bool RecordLine::is_entry() const { return record.at("kind").string() == "entry"; }

bool RecordLine::is_item() const { return is_item_kind(record.at("kind").string()); }

std::string format_record_line(const RecordLine& line) {
    std::string text;
    format_record_line(line, text);
    return text;
}

std::string_view format_record_line(const RecordLine& line, std::string& text) {
    text = "{\"at\":";
    append_canonical(text, at_of(line));
    text += ",\"record\":";
    const std::size_t start = text.size();
    append_canonical(text, line.record);
    const std::size_t size = text.size() - start;
    text += "}\n";
    return std::string_view(text).substr(start, size);
}

void check_record_line(const RecordLine& line, std::string_view where, PackageKind kind) {
    check_record(line.record, where, kind);
    const bool may_lack_object = kind == PackageKind::disclosure && line.is_item();
    if (line.object.empty() ? !may_lack_object
                            : !is_payload(line.object) || !layout_position(line.object)) {
        fail_member(where, "object", "the name of a payload entry");
    }
    const bool is_file_entry = line.is_entry() && line.record.at("type").string() == "file";
    if (is_file_entry != line.offset_bytes.has_value()) {
        fail_member(where, "offset_bytes", "exactly for files inside a tree");
    }
}

RecordLine parse_record_line(std::string_view line, std::string_view where,
                             std::string& record_bytes, PackageKind kind) try {
    const Json json = parse_canonical(line, where);
    require_members(json, {"at", "record"}, {}, where);
    const Json& at = json.at("at");
    require_members(at, {}, {"object", "offset_bytes"}, where);
    RecordLine result;
    if (const Json* object = at.find("object")) {
        result.object = object->string();
        if (result.object.empty()) fail_member(where, "object", "a name");
    }
    if (const Json* offset = at.find("offset_bytes")) result.offset_bytes = offset->size();
    result.record = json.at("record");
    check_record_line(result, where, kind);
    // The line is canonical, so the record's bytes stand between what surrounds it.
    const std::size_t start =
        std::string_view("{\"at\":,\"record\":").size() + canonical(at).size();
    record_bytes = line.substr(start, line.size() - start - 1);
    return result;
} catch (const Error& error) {
    // Errors of Json itself know the member but not the line.
    if (error.message().find(where) != std::string::npos) throw;
    throw Error(ErrorKind::malformed,
                "wrong record: " + std::string(where) + ": " + error.message());
}

// The hexadecimal digits of the salt stand behind its key, which no string can hold.
bool differ_in_salt_alone(std::string_view a, std::string_view b) {
    constexpr std::string_view key = ",\"salt\":\"";
    if (a.size() != b.size()) return false;
    const std::size_t at = a.find(key);
    if (at == std::string_view::npos || b.find(key) != at) return false;
    const std::size_t behind = at + key.size() + 32;
    return behind <= a.size() && a.substr(0, at) == b.substr(0, at) &&
           a.substr(behind) == b.substr(behind);
}

bool is_made_of(std::string_view record, const Sha256& leaf) {
    return record.find(",\"of\":\"" + to_hex(leaf) + "\"") != std::string_view::npos;
}

}  // namespace evidence
