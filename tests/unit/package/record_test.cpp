#include "package/record.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/error.h"
#include "base/line_reader.h"
#include "sample.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const std::string zeros64(64, '0');

std::vector<std::string> sample_lines() {
    std::vector<std::string> lines;
    const std::string text = Sample().entry("items.jsonl");
    std::size_t start = 0;
    while (start < text.size()) {
        const std::size_t end = text.find('\n', start);
        lines.push_back(text.substr(start, end - start));
        start = end + 1;
    }
    return lines;
}

RecordLine parse(std::string_view line) {
    std::string ignored;
    return parse_record_line(line, "test", ignored);
}

std::string image_line() { return sample_lines().at(0); }
std::string folder_line() { return sample_lines().at(2); }
std::string file_line() { return sample_lines().at(3); }

std::string replaced(std::string_view line, Json record) {
    Json json = parse_canonical(line, "test");
    json.set("record", std::move(record));
    return canonical(json);
}

// The line with one member of the record set.
std::string with(std::string_view line, std::string_view member, Json value) {
    Json record = parse_canonical(line, "test").at("record");
    record.set(member, std::move(value));
    return replaced(line, std::move(record));
}

// The line with one member of the record taken out.
std::string without(std::string_view line, std::string_view member) {
    const Json before = parse_canonical(line, "test").at("record");
    Json after = Json::object({});
    for (const Json::Member& each : before.members()) {
        if (each.first != member) after.set(each.first, each.second);
    }
    return replaced(line, std::move(after));
}

}  // namespace

TEST_CASE("every record of the sample package is read and reproduced byte for byte") {
    CHECK(sample_lines().size() == 7);
    for (const std::string& line : sample_lines()) {
        std::string record_bytes;
        const RecordLine record = parse_record_line(line, "items.jsonl", record_bytes);
        CHECK(format_record_line(record) == line + "\n");
        CHECK(record_bytes == canonical(record.record));
    }
    CHECK(parse(file_line()).offset_bytes == 1024);
    CHECK(parse(file_line()).is_entry());
    CHECK_FALSE(parse(image_line()).is_entry());
}

TEST_CASE("a record without any one of its required members is refused") {
    for (const char* member :
         {"acquisition_sha256", "crc32", "digests", "format", "item", "item_key", "kind",
          "piece_size_bytes", "pieces_root", "salt", "size_bytes", "source"}) {
        CAPTURE(member);
        CHECK_THROWS_AS(parse(without(image_line(), member)), Error);
    }
    for (const char* member :
         {"digests", "format", "item", "kind", "name", "salt", "size_bytes", "type"}) {
        CAPTURE(member);
        CHECK_THROWS_AS(parse(without(file_line(), member)), Error);
    }
    for (const char* member : {"mode", "mtime", "uid", "gid"}) {
        CAPTURE(member);
        CHECK_NOTHROW(parse(without(file_line(), member)));
    }
}

TEST_CASE("members of another kind and unknown ones are refused") {
    CHECK_THROWS_AS(parse(with(image_line(), "surprise", 1)), Error);
    CHECK_THROWS_AS(parse(with(image_line(), "name", "x")), Error);
    CHECK_THROWS_AS(parse(with(file_line(), "crc32", "00000000")), Error);
    CHECK_THROWS_AS(parse(with(file_line(), "item_key", std::string(32, '0'))), Error);
    CHECK_THROWS_AS(parse(with(folder_line(), "size_bytes", 1)), Error);
    CHECK_THROWS_AS(parse(with(folder_line(), "target", "x")), Error);
}

TEST_CASE("values out of shape are refused") {
    CHECK_THROWS_AS(parse(with(image_line(), "format", "evidence-record/2")), Error);
    CHECK_THROWS_AS(parse(with(image_line(), "item", "../x")), Error);
    CHECK_THROWS_AS(parse(with(image_line(), "kind", "picture")), Error);
    CHECK_THROWS_AS(parse(with(image_line(), "salt", "00")), Error);
    CHECK_THROWS_AS(parse(with(image_line(), "crc32", "3D27BD9E")), Error);
    CHECK_THROWS_AS(parse(with(image_line(), "piece_size_bytes", 65536)), Error);
    CHECK_THROWS_AS(parse(with(image_line(), "size_bytes", -1)), Error);
    CHECK_THROWS_AS(parse(with(image_line(), "size_bytes", 1'048'576)), Error);  // needs no pieces
    CHECK_THROWS_AS(parse(with(image_line(), "digests", Json::object({{"md5", "00"}}))), Error);
    CHECK_THROWS_AS(parse(with(image_line(), "source_bytes", "ff")), Error);  // and source
    CHECK_THROWS_AS(parse(with(file_line(), "type", "door")), Error);
    CHECK_THROWS_AS(parse(with(file_line(), "mode", "0999")), Error);
    CHECK_THROWS_AS(parse(with(file_line(), "uid", -1)), Error);
    CHECK_THROWS_AS(parse(with(file_line(), "mtime", "2025-10-25T00:00:00.000Z")), Error);
    CHECK_THROWS_AS(parse(with(file_line(), "mtime", "2025-13-25T00:00:00.000000000Z")), Error);
    CHECK_THROWS_AS(parse(with(file_line(), "mtime", "2025-10-25T00:00:00.00000000xZ")), Error);
    CHECK_THROWS_AS(parse(with(file_line(), "changed", Json::object({{"size_before", 1}}))), Error);
}

TEST_CASE("names are relative, and bytes only stand for what is not UTF-8") {
    for (const char* name : {"", "/etc/passwd", "../x", "a/../b", "a/..", "./a", "a//b", "a/"}) {
        CAPTURE(name);
        CHECK_THROWS_AS(parse(with(file_line(), "name", name)), Error);
    }
    CHECK_NOTHROW(parse(with(file_line(), "name", "..a/b..c/.d")));
    CHECK_NOTHROW(parse(with(file_line(), "name", "new\nline")));
    CHECK_THROWS_AS(parse(with(file_line(), "name_bytes", "ff")), Error);  // and name
    const std::string nameless = without(file_line(), "name");
    CHECK_NOTHROW(parse(with(nameless, "name_bytes", "ff")));
    CHECK_THROWS_AS(parse(with(nameless, "name_bytes", "61")), Error);    // valid UTF-8
    CHECK_THROWS_AS(parse(with(nameless, "name_bytes", "f")), Error);     // half a byte
    CHECK_THROWS_AS(parse(with(nameless, "name_bytes", "FF")), Error);    // upper case
    CHECK_THROWS_AS(parse(with(nameless, "name_bytes", "2fff")), Error);  // absolute
}

TEST_CASE("links have a target, in text or in bytes") {
    for (const char* type : {"symlink", "hardlink"}) {
        const std::string link = with(folder_line(), "type", type);
        CHECK_THROWS_AS(parse(link), Error);
        CHECK_NOTHROW(parse(with(link, "target", "../anywhere")));
        CHECK_NOTHROW(parse(with(link, "target_bytes", "ff")));
        CHECK_THROWS_AS(parse(with(with(link, "target", "x"), "target_bytes", "ff")), Error);
    }
}

TEST_CASE("a split item numbers its segments and describes the medium once") {
    const Json media =
        Json::object({{"digests", Json::object({{"sha256", zeros64}})}, {"size_bytes", 9}});
    const auto numbered = [](const std::string& line, int segment, int segments) {
        return with(with(line, "segment", segment), "segments", segments);
    };
    const std::string first = with(numbered(image_line(), 1, 2), "media", media);
    CHECK_NOTHROW(parse(first));
    CHECK_THROWS_AS(parse(without(first, "media")), Error);
    CHECK_THROWS_AS(parse(without(first, "segments")), Error);
    CHECK_THROWS_AS(parse(with(first, "segments", 0)), Error);
    CHECK_THROWS_AS(parse(with(first, "segment", 2)), Error);
    CHECK_THROWS_AS(parse(with(image_line(), "media", media)), Error);

    std::string later = numbered(with(image_line(), "kind", "segment"), 2, 2);
    for (const char* member : {"acquisition_sha256", "item_key", "source"}) {
        CHECK_THROWS_AS(parse(later), Error);
        later = without(later, member);
    }
    CHECK_NOTHROW(parse(later));
    CHECK_THROWS_AS(parse(with(later, "segment", 1)), Error);
    CHECK_THROWS_AS(parse(with(later, "segment", 3)), Error);
    CHECK_THROWS_AS(parse(with(later, "media", media)), Error);
}

TEST_CASE("the place of a record is a payload entry, with an offset exactly for files in trees") {
    const auto moved = [](const std::string& line, const std::string& from, const std::string& to) {
        std::string changed = line;
        return changed.replace(changed.find(from), from.size(), to);
    };
    const std::string in_tar = "\"object\":\"data/000002.tar\"";
    CHECK_THROWS_AS(parse(moved(file_line(), "data/000002.tar", "items.jsonl")), Error);
    CHECK_THROWS_AS(parse(moved(file_line(), "data/000002.tar", "data/2.tar")), Error);
    CHECK_THROWS_AS(parse(moved(file_line(), ",\"offset_bytes\":1024", "")), Error);
    CHECK_THROWS_AS(parse(moved(folder_line(), in_tar, in_tar + ",\"offset_bytes\":1024")), Error);
    CHECK_THROWS_AS(parse(moved(file_line(), in_tar, in_tar + ",\"x\":1")), Error);
}

TEST_CASE("a line that is not canonical is refused") {
    CHECK_THROWS_AS(parse(image_line() + "\n"), Error);
    CHECK_THROWS_AS(parse(" " + image_line()), Error);
    CHECK_THROWS_AS(parse("{}"), Error);
    CHECK_THROWS_AS(parse("[]"), Error);
    CHECK_THROWS_AS(parse(""), Error);
}

namespace {

const std::string region_line =
    R"({"at":{"object":"data/000001.bin"},"record":{"crc32":"00000000","digests":{"sha256":")" +
    zeros64 + R"("},"format":"evidence-record/1","item":"D-1","kind":"region","of":")" + zeros64 +
    R"(","offset_bytes":2097152,"salt":"00112233445566778899aabbccddeeff","size_bytes":7}})";
const std::string redaction_line =
    R"({"at":{"object":"data/000001.bin"},"record":{"crc32":"00000000","digests":{"sha256":")" +
    zeros64 + R"("},"format":"evidence-record/1","item":"D-1","kind":"redaction","of":")" +
    zeros64 + R"(","reason":"a name","salt":"00112233445566778899aabbccddeeff","size_bytes":7}})";

RecordLine parse_disclosed(std::string_view line) {
    std::string ignored;
    return parse_record_line(line, "test", ignored, PackageKind::disclosure);
}

// The line with `at` replaced.
std::string at_replaced(std::string_view line, Json at) {
    Json json = parse_canonical(line, "test");
    json.set("at", std::move(at));
    return canonical(json);
}

}  // namespace

TEST_CASE("regions and redactions are records of a disclosure, and of nothing else") {
    for (const std::string& line : {region_line, redaction_line}) {
        CHECK(format_record_line(parse_disclosed(line)) == line + "\n");
        CHECK_FALSE(parse_disclosed(line).is_item());
        CHECK_THROWS_AS(parse(line), Error);
        for (const char* member : {"crc32", "digests", "of", "size_bytes", "salt"}) {
            CHECK_THROWS_AS(parse_disclosed(without(line, member)), Error);
        }
        CHECK_THROWS_AS(parse_disclosed(with(line, "source", "x")), Error);
        CHECK_THROWS_AS(parse_disclosed(with(line, "of", "x")), Error);
        CHECK_THROWS_AS(parse_disclosed(with(line, "size_bytes", 2 * mib)), Error);
    }
    CHECK_THROWS_AS(parse_disclosed(with(region_line, "offset_bytes", 5)), Error);
    CHECK_THROWS_AS(parse_disclosed(without(region_line, "offset_bytes")), Error);
    CHECK_THROWS_AS(parse_disclosed(with(redaction_line, "reason", "")), Error);
    CHECK_THROWS_AS(parse_disclosed(with(redaction_line, "name", "secret")), Error);
}

TEST_CASE("only the record of an item may stand without an object, and only in a disclosure") {
    const Json nothing = Json::object({});
    const std::string item = at_replaced(image_line(), nothing);
    CHECK(item.starts_with("{\"at\":{},"));
    CHECK(format_record_line(parse_disclosed(item)) == item + "\n");
    CHECK(parse_disclosed(item).is_item());
    CHECK_THROWS_AS(parse(item), Error);
    CHECK_THROWS_AS(parse_disclosed(at_replaced(folder_line(), nothing)), Error);
    CHECK_THROWS_AS(parse_disclosed(at_replaced(file_line(), nothing)), Error);
    CHECK_THROWS_AS(parse_disclosed(at_replaced(region_line, nothing)), Error);
    CHECK_THROWS_AS(parse_disclosed(at_replaced(image_line(), Json::object({{"object", ""}}))),
                    Error);
}
