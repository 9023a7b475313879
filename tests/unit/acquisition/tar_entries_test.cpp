#include "acquisition/tar_entries.h"

#include <doctest/doctest.h>

#include "acquisition/tar_builder.h"
#include "base/error.h"
#include "base/file.h"
#include "digest/digest.h"

using namespace evidence;
using namespace evidence::test;

namespace {

void check_refused(const std::string& tar, std::string_view why) {
    CAPTURE(why);
    try {
        entries_of(tar);
        FAIL_CHECK("accepted");
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::malformed);
        CHECK(error.message().find(why) != std::string::npos);
        CHECK(error.message().find("x.tar") != std::string::npos);
    }
}

}  // namespace

TEST_CASE("the independent sample's tar gives the independent sample's records") {
    const auto entries = entries_of(
        read_small_file(EVIDENCE_TESTS_DIR "/unit/acquisition/sample-tree.tar", 65536), "MAIL-01");
    // From items.jsonl of sample-v1.asice, without `salt`.
    constexpr std::string_view empty_file =
        R"({"digests":{"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},"format":"evidence-record/1","gid":0,"item":"MAIL-01","kind":"entry","mode":"0644","mtime":"2025-10-25T00:00:00.000000000Z","name":"thư/trống","size_bytes":0,"type":"file","uid":0})";
    constexpr std::string_view folder =
        R"({"format":"evidence-record/1","gid":0,"item":"MAIL-01","kind":"entry","mode":"0755","mtime":"2025-10-25T00:00:00.000000000Z","name":"a b","type":"directory","uid":0})";
    REQUIRE(entries.size() == 5);
    CHECK(canonical(entries[0].record) == folder);
    CHECK_FALSE(entries[0].offset_bytes);
    CHECK(entries[1].record.at("digests").at("sha256").string() ==
          "a8b2beedb2cb53792d92eb492452bf399e8ba7fa5659c1c916b0ec7410e06cc5");
    CHECK(entries[1].offset_bytes == 1024);
    CHECK(canonical(entries[3].record) == empty_file);
    CHECK(entries[3].offset_bytes == 6656);
    CHECK(entries[4].offset_bytes == 8192);
}

TEST_CASE("every type of entry is named") {
    const auto entries = entries_of(
        tar_entry({"f", '0', "12345"}) + tar_entry({"h", '1', "", "f", false}) +
        tar_entry({"s", '2', "", "../\x1b", false}) + tar_entry({"c", '3'}) +
        tar_entry({"b", '4'}) + tar_entry({"d/", '5'}) + tar_entry({"p", '6'}) + tar_end());
    REQUIRE(entries.size() == 7);
    const std::string_view types[] = {"file",   "hardlink",  "symlink", "device",
                                      "device", "directory", "fifo"};
    for (std::size_t i = 0; i < 7; ++i) CHECK(entries[i].record.at("type").string() == types[i]);
    CHECK(entries[1].record.at("target").string() == "f");
    CHECK(entries[2].record.at("target").string() == "../\x1b");
    CHECK(entries[5].record.at("name").string() == "d");
    CHECK(entries[0].record.at("uid").integer() == 1000);
    CHECK(entries[0].offset_bytes == 512);
    CHECK(entries[1].record.find("size_bytes") == nullptr);
}

TEST_CASE("names that are not UTF-8 come out byte for byte") {
    const auto entries = entries_of(pax_header({{"hdrcharset", "BINARY"}, {"path", "a/\xff\n"}}) +
                                    tar_entry({"x", '0'}) + tar_entry({"\xc3(", '0'}) + tar_end());
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].record.at("name_bytes").string() == "612fff0a");
    CHECK(entries[0].record.find("name") == nullptr);
    CHECK(entries[1].record.at("name_bytes").string() == "c328");
}

TEST_CASE("decomposed and composed names stay two names") {
    const auto entries =
        entries_of(pax_header({{"path", "e\xcc\x81"}}) + tar_entry({"x", '0'}) +
                   pax_header({{"path", "\xc3\xa9"}}) + tar_entry({"x", '0'}) + tar_end());
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].record.at("name").string() == "e\xcc\x81");
    CHECK(entries[1].record.at("name").string() == "\xc3\xa9");
}

TEST_CASE("pax times are decimal fractions, also before 1970") {
    const auto entries = entries_of(pax_header({{"mtime", "-1.5"},
                                                {"atime", "1.000000001"},
                                                {"ctime", "99999999999999"},
                                                {"LIBARCHIVE.creationtime", "-1"}}) +
                                    tar_entry({"x", '0'}) + tar_end());
    const Json& record = entries.at(0).record;
    CHECK(record.at("mtime").string() == "1969-12-31T23:59:58.500000000Z");
    CHECK(record.at("atime").string() == "1970-01-01T00:00:01.000000001Z");
    CHECK(record.at("btime").string() == "1969-12-31T23:59:59.000000000Z");
    CHECK(record.find("ctime") == nullptr);  // no year RFC 3339 could write
}

TEST_CASE("an empty tree is an end-only tar") {
    CHECK(entries_of(tar_end()).empty());
    CHECK(entries_of(std::string(10240, '\0')).empty());
}

TEST_CASE("a tar that is cut short anywhere is refused") {
    const std::string tar =
        tar_entry({"a", '0', std::string(600, '\0')}) + tar_entry({"b", '0', "x"}) + tar_end();
    CHECK(entries_of(tar).size() == 2);
    for (std::size_t size = 0; size < tar.size(); size += 128) {
        CAPTURE(size);
        CHECK_THROWS_AS(entries_of(tar.substr(0, size)), Error);
    }
}

TEST_CASE("bytes after the last entry are refused") {
    std::string tar = tar_entry({"a", '0', "x"}) + tar_end();
    tar.back() = 'x';
    check_refused(tar, "bytes after the last entry");
    check_refused(tar_entry({"a", '0', "x"}) + tar_end() + std::string(511, '\0') + "x",
                  "bytes after the last entry");
    check_refused(tar_entry({"a", '0', "x"}) + tar_end() + std::string(1, '\0'), "cut short");
    check_refused(tar_end() + tar_entry({"hidden", '0', "x"}) + tar_end(),
                  "bytes after the last entry");
}

TEST_CASE("bytes in the padding of an entry are refused") {
    std::string tar = tar_entry({"a", '0', "x"}) + tar_end();
    tar[1023] = 'x';
    check_refused(tar, "padding");
}

TEST_CASE("names that point outside are refused") {
    for (const char* name : {"/a", "../a", "a/../b", "./a", "a//b", "..", "a/.."}) {
        check_refused(tar_entry({name, '0'}) + tar_end(), "unsafe entry name");
        check_refused(pax_header({{"path", name}}) + tar_entry({"x", '0'}) + tar_end(),
                      "unsafe entry name");
    }
}

TEST_CASE("sparse entries are refused") {
    check_refused(pax_header({{"GNU.sparse.major", "0"},
                              {"GNU.sparse.minor", "1"},
                              {"GNU.sparse.size", "1000"},
                              {"GNU.sparse.numblocks", "1"},
                              {"GNU.sparse.map", "500,10"}}) +
                      tar_entry({"x", '0', std::string(10, 'x')}) + tar_end(),
                  "sparse");
    check_refused(pax_header({{"GNU.sparse.major", "0"},
                              {"GNU.sparse.minor", "1"},
                              {"GNU.sparse.size", "1000"},
                              {"GNU.sparse.numblocks", "1"},
                              {"GNU.sparse.map", "0,10"}}) +
                      tar_entry({"x", '0', std::string(10, 'x')}) + tar_end(),
                  "sparse");
}

TEST_CASE("other kinds of tar and things that are no tar are refused") {
    check_refused(tar_entry({"x", '0', "", "", true}) + tar_end(), "another kind of tar");
    check_refused(tar_entry({"x", '1', "content", "y", false}) + tar_end(), "without content");
    check_refused("this is no tar", "x.tar");
    check_refused("", "x.tar");
}

TEST_CASE("a failure of the byte source passes through libarchive unchanged") {
    CHECK_THROWS_WITH_AS(
        read_tar_entries(
            [](MutableByteView) -> std::size_t { throw Error(ErrorKind::io, "disk gone"); }, "X-1",
            "x.tar", [](TarEntry) {}),
        "disk gone", Error);
}

TEST_CASE("contents of every size keep their order and their digests") {
    std::string tar;
    std::vector<std::string> contents;
    const auto add = [&](std::size_t size) {
        contents.emplace_back(size, static_cast<char>('a' + contents.size() % 26));
        tar += tar_entry({"f" + std::to_string(contents.size()), '0', contents.back()});
        tar += tar_entry({"d" + std::to_string(contents.size()), '5'});
    };
    for (std::size_t i = 0; i < 40; ++i) add(i * 5000);  // more than wait at one time
    for (const std::size_t size : {262144, 262145, 1000000}) add(size);  // waits, does not
    for (std::size_t i = 0; i < 1100; ++i) add(i % 3);                   // more entries than wait
    const auto entries = entries_of(tar + tar_end());
    REQUIRE(entries.size() == 2 * contents.size());
    for (std::size_t i = 0; i < contents.size(); ++i) {
        CAPTURE(i);
        const Json& record = entries[2 * i].record;
        CHECK(record.at("name").string() == "f" + std::to_string(i + 1));
        CHECK(record.at("size_bytes").size() == contents[i].size());
        CHECK(record.at("digests").at("sha256").string() == sha256_hex(contents[i]));
        CHECK(entries[2 * i + 1].record.at("name").string() == "d" + std::to_string(i + 1));
    }
}

TEST_CASE("what stands before a fault is handed out, once") {
    const std::string tar = tar_entry({"a", '0', "x"}) + tar_entry({"b", '0', "y"}) +
                            tar_entry({"../c", '0', "z"}) + tar_end();
    std::vector<std::string> names;
    std::size_t position = 0;
    CHECK_THROWS_AS(read_tar_entries(
                        [&](MutableByteView buffer) {
                            const std::size_t count =
                                std::min(buffer.size(), tar.size() - position);
                            std::memcpy(buffer.data(), tar.data() + position, count);
                            position += count;
                            return count;
                        },
                        "X-1", "x.tar",
                        [&](TarEntry entry) { names.push_back(entry.record.at("name").string()); }),
                    Error);
    CHECK(names == std::vector<std::string>{"a", "b"});
}
