#include "verification/verify_bag.h"

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "digest/digest.h"
#include "test_context.h"
#include "test_errors.h"
#include "verification/report_output.h"
#include "verification/verify_target.h"

using namespace evidence;
using namespace evidence::test;

namespace {

// tests/bags has the many ways a bag can be; here is what a caller of the library relies on.
struct BagFixture {
    TestContext context;
    TemporaryFolder folder;
    fs::path path = folder / "bag";
    VerificationOptions options;

    BagFixture() {
        create_folders(path / "data");
        write("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n");
        write("data/a", "abc");
        write("manifest-sha256.txt", sha256_hex("abc") + "  data/a\n");
        write("bag-info.txt", "Payload-Oxum: 3.1\n");
    }
    void write(const std::string& name, const std::string& text) {
        fs::remove(path / name);
        write_new_file(path / name, as_bytes(text));
    }
    VerificationReport verify() { return verify_target(path, options, context); }
};

}  // namespace

TEST_CASE_FIXTURE(BagFixture, "a bag passes with two layers looked at and its facts told") {
    const VerificationReport report = verify();
    CHECK(report.kind == TargetKind::bag);
    CHECK(report.verdict() == Verdict::total_passed);
    CHECK(report.layers == std::set<Layer>{Layer::structure, Layer::content});
    CHECK(report.findings.has("bag.unsigned"));
    REQUIRE(report.bag);
    CHECK(report.bag->form == "folder");
    CHECK(report.bag->version == "1.0");
    CHECK(report.bag->encoding == "UTF-8");
    CHECK(report.bag->payload_algorithms == std::vector<std::string>{"sha256"});
    CHECK(report.bag->tag_algorithms.empty());
    CHECK(report.bag->declared_oxum == "3.1");
    CHECK(report.bag->payload_bytes == 3);
    CHECK(report.bag->payload_files == 1);
    CHECK(report.bag->tag_files == 3);
}

TEST_CASE_FIXTURE(BagFixture, "what a bag cannot have is not passed over when it is required") {
    options.required = {Requirement::timestamp};
    CHECK(verify().verdict() == Verdict::indeterminate);
}

TEST_CASE_FIXTURE(BagFixture, "a folder that was a sealed package is not taken for one") {
    create_folders(path / "META-INF");
    write("META-INF/ASiCManifest001.xml", "");
    const VerificationReport report = verify();
    CHECK(report.verdict() == Verdict::indeterminate);
    CHECK(report.findings.has("bag.signatures-not-checked"));
}

TEST_CASE_FIXTURE(BagFixture, "a folder without any file of a bag is none") {
    const fs::path other = folder / "other";
    create_folders(other / "data");
    CHECK_FALSE(verify_bag_folder(other, options, context));
    CHECK(kind_of_error([&] { verify_target(other, options, context); }) == ErrorKind::malformed);
}

TEST_CASE_FIXTURE(BagFixture, "a file that is no archive is no bag") {
    write("data/a", "abc");
    const File file = File::open_read(path / "data/a");
    CHECK_FALSE(verify_bag_archive(file, options, context));
}

TEST_CASE_FIXTURE(BagFixture, "the content layer is not claimed when nothing could be compared") {
    write("bagit.txt", "BagIt-Version: 1.0\nTag-File-Character-Encoding: Shift_JIS\n");
    const VerificationReport report = verify();
    CHECK(report.verdict() == Verdict::indeterminate);
    CHECK(report.layers == std::set<Layer>{Layer::structure});
}

TEST_CASE_FIXTURE(BagFixture, "a wish to stop ends the verification") {
    context.interrupted = true;
    CHECK(kind_of_error([&] { verify(); }) == ErrorKind::interrupted);
}

TEST_CASE_FIXTURE(BagFixture,
                  "the report says in words that a bag proves nothing about its maker") {
    const std::string text = report_text(verify(), false);
    CHECK(text.starts_with("TOTAL-PASSED: bag "));
    CHECK(text.find("unsigned") != std::string::npos);
    const Json json = report_json(verify());
    CHECK(json.at("kind").string() == "bag");
    CHECK(json.at("bag").at("version").string() == "1.0");
    CHECK(json.at("layers").at("signature").string() == "not-checked");
}
