// Evidence out of packages, good ones and hostile ones.
#include "verification/extract.h"

#include <sys/stat.h>

#include "base/error.h"
#include "test_errors.h"
#include "verification/extraction_folder.h"
#include "verification/package_editor.h"

using namespace evidence;
using test::EditedPackage;
using test::failures;
using test::kind_of_error;
using test::PackageEditor;

namespace {

struct Extracting : EditedPackage {
    const fs::path out = fixture.folder / "out";

    ExtractionFacts extract(const PackageEditor& package,
                            ExtractionChoice choice = ExtractionChoice::what_passed) {
        const VerificationReport report = verify(package);
        INFO(failures(report));
        return extract_package(File::open_read(path), report, out, choice, fixture.context);
    }
    std::string text(const fs::path& name) const { return read_small_file(out / name, 64 * mib); }

    // The line of extraction.json about an original name.
    Json about(std::string_view name) const {
        const Json document = parse_canonical_document(text("extraction.json"), "extraction.json");
        for (const Json& entry : document.at("entries").items()) {
            const bool is_object = entry.at("kind").string() != "entry";
            if (entry.text_or(is_object ? "item" : "name", "") == name) return entry;
        }
        FAIL("not in extraction.json: ", name);
        return {};
    }
    std::string result(std::string_view name) const {
        const Json entry = about(name);
        return entry.text_or("result", "") + ": " + entry.text_or("reason", "");
    }
};

// A tree of one's own making inside a package: entries by name, each a record without a tar that
// fits; who extracts trusts records only as far as their digests go.
Json entry_of(const Json& like, const std::string& type, const std::string& name) {
    Json record = like;
    Json made = Json::object({});
    for (const Json::Member& member : record.members()) {
        const bool is_content = member.first == "digests" || member.first == "size_bytes";
        if (is_content && type != "file") continue;
        if (member.first == "name" || member.first == "name_bytes" || member.first == "target" ||
            member.first == "target_bytes")
            continue;
        made.set(member.first, member.second);
    }
    made.set("type", type);
    made.set("name", name);
    return made;
}

// The first record of a file with content in the tree.
RecordLine first_file_of(PackageEditor& package) {
    std::optional<RecordLine> found;
    package.edit_records([&](RecordLine& line) {
        if (!found && line.is_entry() && line.record.at("type").string() == "file") found = line;
        return true;
    });
    REQUIRE(found);
    return *found;
}

void add_record(PackageEditor& package, const RecordLine& like, const std::string& type,
                const std::string& name, const std::string& target = {}) {
    RecordLine line = like;
    line.record = entry_of(like.record, type, name);
    if (!target.empty()) line.record.set("target", target);
    if (type != "file") line.offset_bytes.reset();
    const std::string number = std::to_string(package.at("items.jsonl").size());
    line.record.set("salt", sha256_hex(number).substr(0, 32));  // no two alike
    package.at("items.jsonl") += format_record_line(line);
}

}  // namespace

TEST_CASE("what is extracted is what was acquired, under its name") {
    Extracting check;
    std::string image(5 * mib + 3, '\0');
    image[0] = 'a';
    image[4 * mib] = 'b';
    check.fixture.add_image("DISK-1", image);
    check.fixture.add_image("DISK-2", "");
    check.fixture.add_ewf("EWF-1", std::string(64 * kib, 'e'));
    const ExtractionFacts facts = check.extract(check.seal());
    CHECK(facts.extracted == 3);
    CHECK(facts.not_extracted == 0);
    CHECK(check.text("items/DISK-1/DISK-1.img") == image);
    CHECK(check.text("items/DISK-2/DISK-2.img").empty());
    CHECK(check.text("items/EWF-1/EWF-1.E01") == check.seal().at("data/000003.E01"));
    struct stat status {};
    REQUIRE(::stat((check.out / "items/DISK-1/DISK-1.img").c_str(), &status) == 0);
    CHECK(static_cast<std::uint64_t>(status.st_blocks) * 512 < 4 * mib);  // zeros are holes
    CHECK(check.about("DISK-1").text_or("sha256", "") == sha256_hex(image));
    CHECK(check.about("DISK-1").text_or("path", "") == "items/DISK-1/DISK-1.img");
}

TEST_CASE("a tree becomes folders and files again") {
    Extracting check;
    check.fixture.add_tree("TREE-1");
    PackageEditor package = check.seal();
    const ExtractionFacts facts = check.extract(package);
    CHECK(facts.extracted + facts.not_extracted == 5);
    std::size_t files = 0;
    package.edit_records([&](RecordLine& line) {
        if (!line.is_entry() || line.record.at("type").string() != "file") return true;
        const fs::path path = check.out / "items/TREE-1" / line.record.at("name").string();
        struct stat status {};
        REQUIRE(::lstat(path.c_str(), &status) == 0);
        CHECK(sha256_hex(read_small_file(path, mib)) ==
              line.record.at("digests").at("sha256").string());
        CHECK(format_utc_nanoseconds(status.st_mtim.tv_sec,
                                     static_cast<std::int32_t>(status.st_mtim.tv_nsec)) ==
              line.record.at("mtime").string());
        ++files;
        return true;
    });
    CHECK(files > 0);
}

TEST_CASE("names in hostile records neither leave the folder nor replace anything") {
    Extracting check;
    check.fixture.add_tree("TREE-1");
    check.fixture.add_image("extraction.json", "an item of that name");
    PackageEditor package = check.seal();
    const RecordLine like = first_file_of(package);
    // Behind the records of the tree, before those of the next object.
    const std::string lines = package.at("items.jsonl");
    const std::size_t next = lines.rfind('\n', lines.size() - 2) + 1;
    package.at("items.jsonl") = lines.substr(0, next);
    const std::string name_300(300, 'n');
    for (const std::string& name : {name_300, std::string("File"), std::string("file"),
                                    std::string("twice"), std::string("twice")}) {
        add_record(package, like, "file", name);
    }
    add_record(package, like, "symlink", "link-out", "/etc");
    add_record(package, like, "file", "link-out/through");
    add_record(package, like, "hardlink", "hard-out", "../../../../etc/hostname");
    add_record(package, like, "hardlink", "hard-in", "File");
    add_record(package, like, "hardlink", "hard-absent", "absent");
    add_record(package, like, "fifo", "pipe");
    add_record(package, like, "device", "disk");
    package.at("items.jsonl") += lines.substr(next);
    package.reseal(check.fixture.identity, check.fixture.context);
    check.extract(package, ExtractionChoice::what_is_intact);

    CHECK(check.result(name_300) == "extracted: ");
    CHECK(check.about(name_300).text_or("path", "").starts_with("items/TREE-1/renamed-"));
    CHECK(check.result("File") == "extracted: ");
    CHECK(check.result("twice") == "extracted: ");
    CHECK(check.result("link-out") == "not-extracted: a symlink is not made");
    CHECK(check.about("link-out").text_or("target", "") == "/etc");
    CHECK(check.result("link-out/through") == "extracted: ");  // into a folder of that name
    CHECK(check.result("hard-out") == "not-extracted: unsafe name of what it is a link to");
    CHECK(check.result("hard-in") == "extracted: ");
    CHECK(check.result("hard-absent") == "not-extracted: what it is a link to was not extracted");
    CHECK(check.result("pipe") == "not-extracted: a fifo is not made");
    CHECK(check.result("disk") == "not-extracted: a device is not made");
    CHECK(fs::exists(check.out / "items/extraction.json/extraction.json"));
    CHECK_FALSE(fs::exists(check.out.parent_path() / "escaped"));
    CHECK(fs::is_directory(fs::symlink_status(check.out / "items/TREE-1/link-out")));
    for (const auto& entry : fs::recursive_directory_iterator(check.out)) {
        const fs::file_status status = entry.symlink_status();
        CHECK((fs::is_directory(status) || fs::is_regular_file(status)));
    }
}

TEST_CASE("a record with a name that leads elsewhere is no record") {
    Extracting check;
    check.fixture.add_tree("TREE-1");
    PackageEditor package = check.seal();
    const RecordLine like = first_file_of(package);
    for (const std::string name : {"../../../escaped", "/tmp/absolute", "a/./b", "a//b"}) {
        add_record(package, like, "file", name);
    }
    const VerificationReport report = check.verify(package);
    CHECK(report.findings.has("records.malformed"));
    const ExtractionFacts facts =
        extract_package(File::open_read(check.path), report, check.out,
                        ExtractionChoice::what_is_intact, check.fixture.context);
    CHECK(facts.extracted + facts.not_extracted == 5);  // the tree as it was
    CHECK_FALSE(fs::exists(check.out.parent_path() / "escaped"));
}

TEST_CASE("nothing of a failed package is extracted unless that is asked for") {
    Extracting check;
    check.fixture.add_image("GOOD-1", "good");
    check.fixture.add_image("BAD-1", std::string(3 * mib, 'b'));
    check.fixture.add_tree("TREE-1");
    PackageEditor package = check.seal();
    package.at("data/000002.img")[mib] ^= 1;
    const RecordLine file = first_file_of(package);
    package.at("data/000003.tar")[*file.offset_bytes] ^= 1;
    CHECK_THROWS_AS(check.extract(package), Error);
    CHECK_FALSE(fs::exists(check.out));

    const ExtractionFacts facts = check.extract(package, ExtractionChoice::what_is_intact);
    CHECK(check.text("items/GOOD-1/GOOD-1.img") == "good");
    CHECK(check.result("BAD-1") == "not-extracted: damaged");
    CHECK_FALSE(fs::exists(check.out / "items/BAD-1"));
    const std::string name = file.record.at("name").string();
    CHECK(check.result(name) == "not-extracted: damaged");
    CHECK_FALSE(fs::exists(check.out / "items/TREE-1" / name));
    CHECK(facts.extracted > 1);  // the rest of the tree
    CHECK(check.text("extraction.json").ends_with("\"verdict\":\"TOTAL-FAILED\"}\n"));
}

TEST_CASE("a record that points outside its object yields nothing") {
    Extracting check;
    check.fixture.add_tree("TREE-1");
    PackageEditor package = check.seal();
    RecordLine like = first_file_of(package);
    like.offset_bytes = std::uint64_t{1} << 52;
    add_record(package, like, "file", "far");
    package.reseal(check.fixture.identity, check.fixture.context);
    check.extract(package, ExtractionChoice::what_is_intact);
    CHECK(check.result("far") == "not-extracted: outside the object");
}

TEST_CASE("a package that changes after its verification is not extracted") {
    Extracting check;
    check.fixture.add_image("DISK-1", "bytes");
    PackageEditor package = check.seal();
    const VerificationReport report = check.verify(package);
    package.at("data/000001.img") = "other";
    package.write(check.path);
    CHECK_THROWS_AS(extract_package(File::open_read(check.path), report, check.out,
                                    ExtractionChoice::what_passed, check.fixture.context),
                    Error);
    CHECK_FALSE(fs::exists(check.out));
}

TEST_CASE("content that changes together with its record is not extracted either") {
    Extracting check;
    check.fixture.add_image("DISK-1", "bytes");
    PackageEditor package = check.seal();
    const VerificationReport report = check.verify(package);
    REQUIRE(report.verdict() == Verdict::total_passed);
    CHECK(report.records_sha256 == sha256_hex(package.at("items.jsonl")));
    package.at("data/000001.img") = "other";
    package.edit_records([](RecordLine& line) {
        line.record.set("digests", Json::object({{"sha256", sha256_hex("other")}}));
        return true;
    });
    package.write(check.path);
    CHECK(kind_of_error([&] {
              extract_package(File::open_read(check.path), report, check.out,
                              ExtractionChoice::what_passed, check.fixture.context);
          }) == ErrorKind::io);
    CHECK_FALSE(fs::exists(check.out));
}

TEST_CASE("a folder that is not empty is kept as it is") {
    Extracting check;
    check.fixture.add_image("DISK-1", "bytes");
    fs::create_directory(check.out);
    write_new_file(check.out / "mine", as_bytes("x"));
    CHECK_THROWS_AS(require_extraction_target(check.out), Error);
    CHECK_THROWS_AS(check.extract(check.seal()), Error);
    CHECK(fs::exists(check.out / "mine"));
}
