// --quick: pieces instead of whole digests, in packages and in cases.
#include "verification/package_editor.h"
#include "verification/verify_target.h"

using namespace evidence;
using test::EditedPackage;
using test::failed_codes;
using test::failures;
using test::PackageEditor;

namespace {

std::string content_of(std::size_t size) {
    std::string content(size, '\0');
    for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * i >> 7);
    return content;
}

struct Quick : EditedPackage {
    // Writing a package anew gives damaged bytes the CRC they have: content.crc-mismatch.
    Quick() {
        fixture.add_image("DISK-1", content_of(3 * mib + 100));
        fixture.add_image("SMALL-1", "small");
        fixture.add_tree("TREE-1");
    }
    VerificationReport verify_quickly(const PackageEditor& package) {
        package.write(path);
        VerificationOptions options;
        options.trust = &trust;
        options.quick = true;
        return verify_package(path, options, fixture.context);
    }
};

std::string message_of(const VerificationReport& report, std::string_view code) {
    for (const Finding& finding : report.findings.all()) {
        if (finding.code == code) return finding.message;
    }
    return "";
}

}  // namespace

TEST_CASE("a quick verification of an intact package establishes all but whole digests") {
    Quick check;
    const VerificationReport report = check.verify_quickly(check.seal());
    INFO(failures(report));
    CHECK(report.verdict() == Verdict::indeterminate);
    CHECK(failed_codes(report) == "payload.digest-not-recomputed");
    REQUIRE(report.objects.size() == 3);
    CHECK_FALSE(report.objects[0].digest_recomputed);
    CHECK(report.objects[1].digest_recomputed);  // too small to have pieces
    CHECK(report.objects[2].digest_recomputed);
    CHECK(report.objects[0].intact);
    CHECK(report.objects[0].sha256 == sha256_hex(content_of(3 * mib + 100)));
    CHECK(report.objects[2].entries == 5);
}

TEST_CASE("a quick verification names the damaged pieces") {
    Quick check;
    PackageEditor package = check.seal();
    package.at("data/000001.img")[2 * mib + 5] ^= 1;
    const VerificationReport report = check.verify_quickly(package);
    CHECK(failed_codes(report) ==
          "content.crc-mismatch content.pieces-root-mismatch payload.digest-mismatch "
          "payload.digest-not-recomputed");
    CHECK(message_of(report, "payload.digest-mismatch") ==
          "the bytes are not those that were sealed; damaged: 2097152-3145727");
    CHECK_FALSE(report.objects[0].intact);
}

TEST_CASE("a forged list of pieces is found by its root and by its manifest") {
    Quick check;
    PackageEditor package = check.seal();
    std::string& object = package.at("data/000001.img");
    object[7] ^= 1;
    package.at("pieces/000001.txt").replace(0, 64, sha256_hex(object.substr(0, mib)));
    CHECK(failed_codes(check.verify_quickly(package)) ==
          "content.crc-mismatch content.pieces-root-mismatch manifest.digest-mismatch "
          "payload.digest-not-recomputed");
}

TEST_CASE("a quick verification of a case compares pieces, and names damage in them") {
    Quick check;
    VerificationOptions options;
    options.trust = &check.trust;
    options.quick = true;
    const fs::path folder = check.fixture.case_folder.folder();
    VerificationReport report = verify_case(folder, options, check.fixture.context);
    INFO(failures(report));
    CHECK(failed_codes(report) == "payload.digest-not-recomputed");

    std::string damaged = content_of(3 * mib + 100);
    damaged[mib] ^= 1;
    damaged[3 * mib + 99] ^= 1;
    check.fixture.overwrite_item_file("DISK-1", "image.img", damaged);
    report = verify_case(folder, options, check.fixture.context);
    CHECK(report.verdict() == Verdict::total_failed);
    CHECK(message_of(report, "payload.digest-mismatch") ==
          "the bytes are not those that were acquired; damaged: 1048576-2097151, 3145728-3145827");
    CHECK_FALSE(report.objects[0].intact);

    check.fixture.overwrite_item_file("DISK-1", "image.img", damaged.substr(0, 2 * mib));
    report = verify_case(folder, options, check.fixture.context);
    CHECK(message_of(report, "payload.digest-mismatch") ==
          "the bytes are not those that were acquired; damaged: 1048576-3145827");
}

TEST_CASE("damage inside a tree of a case names the entry") {
    Quick check;
    VerificationOptions options;
    options.trust = &check.trust;
    const fs::path folder = check.fixture.case_folder.folder();
    CHECK(verify_case(folder, options, check.fixture.context).verdict() == Verdict::total_passed);

    const fs::path tar = check.fixture.item_file("TREE-1", "tree.tar");
    std::string bytes = read_small_file(tar, mib);
    const test::Sample sample;
    const std::string records = sample.entry("items.jsonl");
    const std::size_t at = records.find("\"offset_bytes\":");
    REQUIRE(at != std::string::npos);
    bytes[std::stoul(records.substr(at + 15))] ^= 1;
    check.fixture.overwrite_item_file("TREE-1", "tree.tar", bytes);
    const VerificationReport report = verify_case(folder, options, check.fixture.context);
    CHECK(failed_codes(report) == "content.index-mismatch payload.digest-mismatch");
    CHECK(message_of(report, "content.index-mismatch")
              .starts_with("the record is not what the tar says: "));
}
