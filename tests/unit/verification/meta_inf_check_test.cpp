// What stands in META-INF is in no manifest: only what package.json announces may be there.
#include "test_tsa.h"
#include "verification/package_editor.h"

using namespace evidence;
using test::EditedPackage;
using test::failed_codes;
using test::failures;
using test::PackageEditor;

namespace {

struct Fixture : EditedPackage {
    const test::TestTsa tsa;

    Fixture() {
        fixture.add_image("DISK-1", "bytes");
        trust.add_anchors(test::test_pki().path("root.pem"));
    }

    // The codes found when these entries are appended, all of them with made-up content.
    std::string appended(const std::vector<std::string>& names) {
        PackageEditor package = seal();
        for (const std::string& name : names) package.append(name, "anything");
        return failed_codes(verify(package));
    }
};

std::string pair_codes(Fixture& check, const std::string& manifest, const std::string& token) {
    return check.appended({"META-INF/" + manifest, "META-INF/" + token});
}

// Announces time-stamps, and puts the files of these numbers in.
PackageEditor stamped(Fixture& check, const std::string& policy, unsigned last) {
    PackageEditor package = check.seal();
    PackageDocument document = parse_package_document(package.at("package.json"), "");
    document.timestamp = policy == "included" ? TimestampPolicy::included : TimestampPolicy::later;
    package.at("package.json") = format_package_document(document);
    package.reseal(check.fixture.identity, check.fixture.context);
    for (unsigned number = 3; number <= last; ++number) {
        const std::string digits = "00" + std::to_string(number);
        const std::string token = "META-INF/timestamp" + digits + ".tst";
        const std::string of = "00" + std::to_string(number - 2);
        const auto covered = [&](std::string_view name) {
            return number >= 5 || name == "META-INF/ASiCManifest" + of + ".xml" ||
                   name == "META-INF/signature" + of + ".p7s";
        };
        const std::string manifest = asic_manifest(token, package.files_where(covered));
        package.append(std::string("META-INF/ASiC") + (number >= 5 ? "Archive" : "") + "Manifest" +
                           digits + ".xml",
                       manifest);
        const Bytes stamp =
            check.tsa.token_at(as_bytes(manifest), check.fixture.context.clock.time);
        package.append(token, std::string(as_text(stamp)));
    }
    return package;
}

}  // namespace

TEST_CASE("nothing that is not announced may be appended to META-INF") {
    Fixture check;
    const std::string unexpected = "zip.unexpected-entry";
    CHECK(check.appended({}) == "");
    CHECK(check.appended({"META-INF/signature101.p7s"}) == unexpected);
    CHECK(check.appended({"META-INF/ASiCManifest101.xml"}) == unexpected);
    const std::string also_wrong = "manifest.digest-mismatch " + unexpected;
    CHECK(check.appended({"META-INF/ASiCManifest003.xml"}) == also_wrong);
    CHECK(check.appended({"META-INF/timestamp004.tst"}) == unexpected);
    CHECK(check.appended({"META-INF/timestamp005.tst"}) == unexpected);
    CHECK(pair_codes(check, "ASiCManifest101.xml", "signature101.p7s") == unexpected);
    CHECK(pair_codes(check, "ASiCManifest199.xml", "signature199.p7s") == unexpected);
    CHECK(pair_codes(check, "ASiCArchiveManifest005.xml", "timestamp005.tst") ==
          "manifest.digest-mismatch timestamp.malformed zip.unexpected-entry");
}

TEST_CASE("time-stamps stand in pairs without gaps, when they are announced") {
    Fixture check;
    for (const std::string policy : {"included", "later"}) {
        CAPTURE(policy);
        for (unsigned last : {4u, 5u, 7u}) {
            PackageEditor package = stamped(check, policy, last);
            const VerificationReport report = check.verify(package);
            INFO(failures(report));
            CHECK(failed_codes(report) == "");
            CHECK(report.time_stamps.size() == last - 2);
            CHECK(report.proven_time);
            package.append("META-INF/timestamp0" + std::to_string(last + 11) + ".tst", "x");
            CHECK(failed_codes(check.verify(package)) == "timestamp.stripped");
        }
        CHECK(failed_codes(check.verify(stamped(check, policy, 3))) == "timestamp.stripped");
    }
    CHECK(failed_codes(check.verify(stamped(check, "included", 2))) == "timestamp.stripped");
    CHECK(failed_codes(check.verify(stamped(check, "later", 2))) == "");
}

TEST_CASE("half a pair is a stripped time-stamp, whichever half") {
    Fixture check;
    for (const char* name : {"META-INF/ASiCManifest003.xml", "META-INF/timestamp003.tst",
                             "META-INF/ASiCManifest004.xml", "META-INF/timestamp004.tst",
                             "META-INF/ASiCArchiveManifest005.xml", "META-INF/timestamp005.tst"}) {
        CAPTURE(name);
        PackageEditor package = stamped(check, "later", 5);
        package.remove(name);
        CHECK(check.verify(package).findings.has("timestamp.stripped"));
    }
}

TEST_CASE("an archive manifest lists every file before it, and is compared") {
    Fixture check;
    PackageEditor package = stamped(check, "included", 6);
    package.at("META-INF/timestamp003.tst") = "another token";
    CHECK(failed_codes(check.verify(package)) == "manifest.digest-mismatch timestamp.malformed");
    package = stamped(check, "included", 6);
    package.at("META-INF/ASiCArchiveManifest006.xml") += "\n";
    CHECK(failed_codes(check.verify(package)) == "manifest.malformed timestamp.wrong-content");
}

TEST_CASE("co-signatures are there exactly as announced") {
    Fixture check;
    PackageEditor package = check.seal();
    PackageDocument document = parse_package_document(package.at("package.json"), "");
    const SigningIdentity cosigner =
        test::make_identity(check.fixture.folder, check.fixture.context);
    const fs::path anchor = check.fixture.folder / "cosigner.pem";
    write_new_file(anchor, as_bytes(cosigner.certificate.pem()));
    check.trust.add_anchors(anchor);
    document.cosigned_by = {cosigner.certificate.fingerprint()};
    package.at("package.json") = format_package_document(document);
    package.reseal(check.fixture.identity, check.fixture.context);
    CHECK(failed_codes(check.verify(package)) == "signature.stripped");
    const std::string manifest =
        asic_manifest("META-INF/signature101.p7s", package.files_where(is_in_manifest_001));
    package.append("META-INF/ASiCManifest101.xml", manifest);
    CHECK(failed_codes(check.verify(package)) == "signature.stripped");
    package.append("META-INF/signature101.p7s",
                   std::string(as_text(sign_detached(as_bytes(manifest), cosigner,
                                                     check.fixture.context.clock.time))));
    CHECK(failed_codes(check.verify(package)) == "");
    package.append("META-INF/ASiCManifest102.xml", manifest);
    CHECK(failed_codes(check.verify(package)) == "zip.unexpected-entry");
}
