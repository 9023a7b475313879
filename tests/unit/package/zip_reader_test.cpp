#include "package/zip_reader.h"

#include <doctest/doctest.h>

#include <random>

#include "base/error.h"
#include "sample.h"
#include "small_package.h"

using namespace evidence;
using namespace evidence::test;

namespace {

// [begin, end) of the entry contents, which structure says nothing about.
bool is_content(const ZipStructure& zip, std::uint64_t offset) {
    for (const ZipEntry& entry : zip.entries) {
        const bool is_mimetype = entry.name == "mimetype";
        if (!is_mimetype && offset >= entry.data_offset() && offset < entry.end_offset())
            return true;
    }
    return false;
}

// A package built by hand from headers, so that they can lie.
struct LyingZip {
    std::string local, directory;
    std::size_t count = 0;

    void add(const ZipEntry& in_directory, const std::string& header, std::string_view content) {
        local += header;
        local += content;
        directory += directory_record(in_directory);
        ++count;
    }
    std::string finish() const {
        return local + directory + end_records(count, directory.size(), local.size());
    }
};

std::string with_entry(const std::string& name) {
    std::vector<NamedContent> contents = small_contents();
    contents.push_back({name, "x"});
    return zip_of(contents);
}

// Replaces the first and the last `from` (local header and directory) by `to` of equal length.
std::string renamed(std::string zip, const std::string& from, const std::string& to) {
    zip.replace(zip.find(from), from.size(), to);
    zip.replace(zip.rfind(from), from.size(), to);
    return zip;
}

}  // namespace

TEST_CASE("the sample package has no structural findings") {
    const Sample sample;
    CHECK(sample.findings().all().empty());
    CHECK(sample.zip().entries.size() == 26);
    CHECK(sample.entry("mimetype") == package_mimetype);
}

TEST_CASE("regenerating the sample package from its entries gives the same bytes") {
    const Sample sample;
    std::vector<NamedContent> contents;
    for (const ZipEntry& entry : sample.zip().entries) {
        contents.push_back({entry.name, sample.entry(entry.name)});
    }
    CHECK(zip_of(contents) == read_small_file(sample_path(), 4 * mib));
}

TEST_CASE("changing any byte outside the contents is found") {
    TemporaryFolder folder;
    const std::string zip = zip_of(small_contents());
    Findings none;
    const ZipStructure structure = read_zip_structure(file_of(folder, zip), none);
    for (std::size_t i = 0; i < zip.size(); ++i) {
        if (is_content(structure, i)) continue;
        for (const int mask : {0x01, 0x20, 0x80, 0xFF}) {
            std::string damaged = zip;
            damaged[i] = static_cast<char>(damaged[i] ^ mask);
            CAPTURE(i);
            CAPTURE(mask);
            CHECK(findings_about(folder, damaged).has_failure());
        }
    }
}

TEST_CASE("cutting a package at any length is found, and whole entries are still listed") {
    TemporaryFolder folder;
    const std::string zip = zip_of(small_contents());
    for (std::size_t size = 0; size < zip.size(); ++size) {
        CAPTURE(size);
        Findings findings;
        const ZipStructure structure =
            read_zip_structure(file_of(folder, zip.substr(0, size)), findings);
        CHECK(findings.has("zip.truncated"));
        for (const ZipEntry& entry : structure.entries) CHECK(entry.end_offset() <= size);
        if (size > zip.size() - 22) CHECK(structure.entries.size() == small_contents().size());
    }
}

TEST_CASE("cutting a package at its front is found") {
    TemporaryFolder folder;
    const std::string zip = zip_of(small_contents());
    for (std::size_t cut = 1; cut < zip.size(); ++cut) {
        CAPTURE(cut);
        CHECK(findings_about(folder, zip.substr(cut)).has_failure());
    }
}

TEST_CASE("bytes in front, behind and between are named for what they are") {
    TemporaryFolder folder;
    const std::string zip = zip_of(small_contents());
    Findings none;
    const ZipStructure structure = read_zip_structure(file_of(folder, zip), none);
    const auto inserted = [&](std::size_t at, std::string_view what) {
        return findings_about(folder, std::string(zip).insert(at, what));
    };
    CHECK(inserted(0, "#!/bin/sh\n").has("zip.prefix"));
    CHECK(inserted(zip.size(), "x").has("zip.trailing-bytes"));
    CHECK(inserted(zip.size(), std::string(200'000, 'x')).has("zip.trailing-bytes"));
    CHECK(inserted(structure.directory_offset, "gap").has("zip.gap"));
    CHECK(inserted(zip.size() - 22, "gap").has("zip.gap"));
    for (const ZipEntry& entry : structure.entries) {
        CHECK(inserted(entry.end_offset(), "x").has_failure());
    }
    CHECK(findings_about(folder, zip + zip).has_failure());
}

TEST_CASE("a package behind a prefix can still be listed") {
    TemporaryFolder folder;
    const File file = file_of(folder, "prefix" + zip_of(small_contents()));
    Findings findings;
    const ZipStructure zip = read_zip_structure(file, findings);
    REQUIRE(zip.find("bagit.txt") != nullptr);
    CHECK(read_entry(file, *zip.find("bagit.txt"), 100) == "BagIt-Version: 1.0\n");
}

TEST_CASE("a comment on the file is refused") {
    TemporaryFolder folder;
    std::string zip = zip_of(small_contents());
    zip[zip.size() - 2] = 3;
    CHECK(findings_about(folder, zip + "abc").has("zip.not-profile"));
}

const std::string mime(package_mimetype);
constexpr std::uint32_t mime_crc = 0x45f9218a;
const ZipEntry mime_entry{"mimetype", 31, mime_crc, 0};
const std::string mime_header = local_header("mimetype", 31, mime_crc);

TEST_CASE("entries that overlap or do not fit are refused") {
    TemporaryFolder folder;
    LyingZip zip;
    SUBCASE("two directory records for the same bytes") {
        zip.add(mime_entry, mime_header, mime);
        zip.directory += directory_record({"bagit.txt", 31, mime_crc, 0});
        ++zip.count;
        const Findings findings = findings_about(folder, zip.finish());
        CHECK(findings.has("zip.overlap"));
        CHECK(findings.has("zip.directory-mismatch"));
    }
    SUBCASE("an entry that reaches into the directory") {
        zip.add({"mimetype", 40, mime_crc, 0}, local_header("mimetype", 40, mime_crc), mime);
        CHECK(findings_about(folder, zip.finish()).has("zip.overlap"));
    }
    SUBCASE("an entry larger than the file") {
        zip.add({"mimetype", ~std::uint64_t{0}, mime_crc, 0}, mime_header, mime);
        CHECK(findings_about(folder, zip.finish()).has("zip.truncated"));
    }
    SUBCASE("an entry that begins behind the file") {
        zip.add({"mimetype", 31, mime_crc, ~std::uint64_t{0}}, mime_header, mime);
        CHECK(findings_about(folder, zip.finish()).has("zip.truncated"));
    }
}

TEST_CASE("no byte of a file belongs to two entries that are handed out") {
    TemporaryFolder folder;
    LyingZip zip;
    zip.add(mime_entry, mime_header, mime);
    for (int i = 0; i < 50; ++i) {
        zip.directory += directory_record({"bagit.txt", 31, mime_crc, 0});
        ++zip.count;
    }
    const File file = file_of(folder, zip.finish());
    Findings findings;
    const ZipStructure structure = read_zip_structure(file, findings);
    CHECK(findings.has("zip.overlap"));
    CHECK(structure.entries.size() == 1);
}

TEST_CASE("bytes that belong to no entry are refused") {
    TemporaryFolder folder;
    LyingZip zip;
    SUBCASE("between two entries") {
        zip.add(mime_entry, mime_header, mime + "hidden");
        zip.add({"bagit.txt", 0, 0, zip.local.size()}, local_header("bagit.txt", 0, 0), "");
        CHECK(findings_about(folder, zip.finish()).has("zip.gap"));
    }
    SUBCASE("an entry the directory does not know") {
        zip.add(mime_entry, mime_header, mime);
        zip.local += local_header("bagit.txt", 0, 0);
        CHECK(findings_about(folder, zip.finish()).has("zip.gap"));
    }
}

TEST_CASE("a directory that lies about the entries is refused") {
    TemporaryFolder folder;
    LyingZip zip;
    SUBCASE("another name, CRC or size in the local header") {
        for (const std::string& header :
             {local_header("mimetypf", 31, mime_crc), local_header("mimetype", 31, 1),
              local_header("mimetype", 30, mime_crc)}) {
            LyingZip lying;
            lying.add(mime_entry, header, mime);
            CHECK(findings_about(folder, lying.finish()).has("zip.directory-mismatch"));
        }
    }
    SUBCASE("more or fewer records than announced") {
        zip.add(mime_entry, mime_header, mime);
        zip.count = 2;
        CHECK(findings_about(folder, zip.finish()).has("zip.directory-mismatch"));
        zip.count = 0;
        CHECK(findings_about(folder, zip.finish()).has("zip.directory-mismatch"));
    }
    SUBCASE("records in another order than the entries") {
        zip.local = mime_header + mime + local_header("bagit.txt", 0, 0);
        zip.directory = directory_record({"bagit.txt", 0, 0, mime_header.size() + mime.size()}) +
                        directory_record(mime_entry);
        zip.count = 2;
        CHECK(findings_about(folder, zip.finish()).has("zip.directory-mismatch"));
    }
    SUBCASE("ZIP64 end records where none are needed") {
        zip.add(mime_entry, mime_header, mime);
        // Announces the true offset in the 64-bit field; the profile has no room for that here.
        std::string zip64 = end_records(1, zip.directory.size(), 0x100000000);
        zip64.replace(48, 8, std::string("\x45\0\0\0\0\0\0\0", 8));
        CHECK(zip.local.size() == 0x45);
        CHECK(findings_about(folder, zip.local + zip.directory + zip64).has("zip.not-profile"));
    }
}

TEST_CASE("local extra fields, data descriptors, compression and encryption are refused") {
    TemporaryFolder folder;
    const std::string zip = zip_of(small_contents());
    const std::size_t second = 38 + 31;  // local header of bagit.txt
    const std::size_t record = zip.find("PK\x01\x02");
    for (const std::size_t offset : {std::size_t{6}, std::size_t{8}}) {  // flags, method
        std::string changed = zip;
        changed[second + offset] = 8;
        CHECK(findings_about(folder, changed).has("zip.not-profile"));
    }
    for (const std::size_t offset : {std::size_t{8}, std::size_t{10}, std::size_t{38}}) {
        std::string changed = zip;
        changed[record + offset] = 8;
        CHECK(findings_about(folder, changed).has("zip.not-profile"));
    }
}

TEST_CASE("names are unique, also when case is ignored, and each in its place") {
    TemporaryFolder folder;
    CHECK(
        findings_about(folder, with_entry("META-INF/signature001.p7s")).has("zip.duplicate-entry"));
    CHECK(
        findings_about(folder, with_entry("META-INF/SIGNATURE001.p7s")).has("zip.duplicate-entry"));
    CHECK(findings_about(folder, with_entry("META-INF/other.xml")).has("zip.unexpected-entry"));
    CHECK(findings_about(folder, with_entry("payload.exe")).has("zip.unexpected-entry"));
    CHECK(findings_about(folder, with_entry("package.json")).has("zip.entry-order"));
    CHECK(findings_about(folder, renamed(zip_of(small_contents()), "bagit.txt", "../it.txt"))
              .has("zip.entry-name"));
    CHECK(findings_about(folder, renamed(zip_of(small_contents()), "bagit.txt", "bag\n\x1b.txt"))
              .has("zip.entry-name"));
    std::vector<NamedContent> reordered = small_contents();
    std::swap(reordered[1], reordered[2]);
    CHECK(findings_about(folder, zip_of(reordered)).has("zip.entry-order"));
}

TEST_CASE("the first entry is mimetype with exactly its value") {
    TemporaryFolder folder;
    std::vector<NamedContent> contents = small_contents();
    contents[0].second[0] = 'A';
    CHECK(findings_about(folder, zip_of(contents)).has("zip.first-entry"));
    contents.erase(contents.begin());
    CHECK(findings_about(folder, zip_of(contents)).has("zip.first-entry"));
    CHECK(findings_about(folder, zip_of({})).has("zip.first-entry"));
}

TEST_CASE("more entries than a package can hold are refused without reading them") {
    TemporaryFolder folder;
    const std::string zip64_end = end_records(70'000, 0xFFFFFFFF, 0);
    CHECK(findings_about(folder, zip_of(small_contents()) + zip64_end).has("zip.too-many-entries"));
}

TEST_CASE("random damage never crashes the reader and never goes unnoticed in the headers") {
    TemporaryFolder folder;
    const std::string zip = zip_of(small_contents());
    std::mt19937 random(20251025);
    for (int round = 0; round < 3000; ++round) {
        std::string damaged = zip;
        const std::size_t changes = 1 + random() % 8;
        for (std::size_t i = 0; i < changes; ++i) {
            const std::size_t at = random() % damaged.size();
            switch (random() % 4) {
                case 0:
                    damaged[at] = static_cast<char>(random());
                    break;
                case 1:
                    damaged.erase(at, 1 + random() % 40);
                    break;
                case 2:
                    damaged.insert(at, zip.substr(random() % zip.size(), random() % 60));
                    break;
                default:  // a field full of ones
                    damaged.replace(at, std::min<std::size_t>(4, damaged.size() - at), 4, '\xff');
            }
            if (damaged.empty()) damaged = "P";
        }
        Findings findings;
        const File file = file_of(folder, damaged);
        looks_like_zip(file);
        const ZipStructure structure = read_zip_structure(file, findings);
        if (damaged.size() != zip.size()) CHECK(findings.has_failure());
        for (const ZipEntry& entry : structure.entries) {
            try {
                read_entry(file, entry, 1000);
            } catch (const Error&) {
                CHECK(findings.has_failure());
            }
        }
    }
}

TEST_CASE("a package is recognised by either end, other files are not") {
    TemporaryFolder folder;
    const std::string zip = zip_of(small_contents());
    CHECK(looks_like_zip(file_of(folder, zip)));
    CHECK(looks_like_zip(file_of(folder, zip.substr(0, 40))));
    CHECK(looks_like_zip(file_of(folder, zip.substr(40))));
    CHECK(looks_like_zip(file_of(folder, zip + "behind")));
    CHECK_FALSE(looks_like_zip(file_of(folder, "")));
    CHECK_FALSE(looks_like_zip(file_of(folder, "PK")));
    CHECK_FALSE(looks_like_zip(file_of(folder, std::string(100'000, 'x'))));
}

TEST_CASE("a small entry larger than its limit is refused") {
    const Sample sample;
    CHECK_THROWS_WITH_AS(read_entry(sample.file(), *sample.zip().find("package.json"), 10),
                         doctest::Contains("package.json"), Error);
}
