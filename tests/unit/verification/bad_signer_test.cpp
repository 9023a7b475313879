// One package for each thing that can be wrong with who signed it and how: the verdict, and the
// word that EN 319 102-1 has for it.
#include <chrono>

#include "signature/raw_signature.h"
#include "test_pki.h"
#include "verification/package_editor.h"
#include "verification/report_output.h"
#include "verification/sub_indication.h"

using namespace evidence;
using test::PackageEditor;
using test::test_pki;

namespace {

struct Battery : test::EditedPackage {
    TrustStore anchors;
    VerificationOptions options;

    Battery() {
        fixture.add_image("DISK-1", "bytes");
        anchors.add_anchors(test_pki().path("root.pem"));
        anchors.add_revocation_lists(test_pki().path("crl.pem"));
        options.trust = &anchors;
        // The stock command has no other clock than the computer's.
        fixture.context.clock.time = {std::chrono::duration_cast<std::chrono::milliseconds>(
                                          std::chrono::system_clock::now().time_since_epoch())
                                          .count()};
    }
    // Sealed by somebody of tests/pki, whoever recorded the events.
    PackageEditor by(const SigningIdentity& identity) {
        PackageEditor package = seal();
        name_sealer(package, identity.certificate, raw_algorithm(identity.key));
        package.reseal(identity, fixture.context);
        return package;
    }
    PackageEditor by(const std::string& name) { return by(test_pki().identity(name)); }

    // The same with signatures of the stock command.
    PackageEditor by_command(const std::string& name, const std::string& command) {
        PackageEditor package = by("good-ec");
        name_sealer(package, test_pki().certificate(name),
                    name.ends_with("rsa") ? "rsa-pss-sha256" : "ecdsa-sha256");
        package.relist();
        for (const char* number : {"001", "002"}) {
            const std::string manifest = std::string("META-INF/ASiCManifest") + number + ".xml";
            const test::TemporaryFolder folder;
            write_new_file(folder / "in", as_bytes(package.at(manifest)));
            const std::string pki = test_pki().path(name).native();
            REQUIRE(test::shell("cd " + folder.path().native() +
                                " && openssl cms -sign -binary -nosmimecap -outform DER -in in "
                                "-out out -signer " +
                                pki + ".pem -inkey " + pki + ".key -certfile " +
                                test_pki().path("intermediate.pem").native() + " " + command) == 0);
            package.at(std::string("META-INF/signature") + number + ".p7s") =
                read_small_file(folder / "out", mib);
        }
        return package;
    }
    std::string outcome(const PackageEditor& package) {
        package.write(path);
        const VerificationReport report = verify_package(path, options, fixture.context);
        INFO(report_text(report, false));
        const Json document = report_json(report);
        CHECK(document.text_or("sub_indication", "") == sub_indication_of(report.findings));
        return document.at("verdict").string() + " " + document.text_or("sub_indication", "");
    }

private:
    static void name_sealer(PackageEditor& package, const Certificate& certificate,
                            const std::string& algorithm) {
        PackageDocument document = parse_package_document(package.at("package.json"), "");
        document.sealed_by.certificate_sha256 = certificate.fingerprint();
        document.sealed_by.algorithm = algorithm;
        package.at("package.json") = format_package_document(document);
        TermsDocument terms = parse_terms_document(package.at("terms.json"), "");
        terms.sealer_certificate_sha256 = document.sealed_by.certificate_sha256;
        package.at("terms.json") = format_terms_document(terms);
    }
};

constexpr const char* cades = "-cades -md sha256";

}  // namespace

TEST_CASE("a package of a good signer passes, by us and by the stock command") {
    Battery test;
    CHECK(test.outcome(test.by("good-ec")) == "TOTAL-PASSED ");
    CHECK(test.outcome(test.by_command("good-ec", cades)) == "TOTAL-PASSED ");
}

TEST_CASE("what is wrong with a signer has its verdict and its word") {
    Battery test;
    CHECK(test.outcome(test.by("expired")) == "TOTAL-FAILED EXPIRED");
    CHECK(test.outcome(test.by("not-yet-valid")) == "TOTAL-FAILED NOT_YET_VALID");
    CHECK(test.outcome(test.by("revoked")) == "TOTAL-FAILED REVOKED");
    CHECK(test.outcome(test.by("wrong-usage")) == "TOTAL-FAILED CHAIN_CONSTRAINTS_FAILURE");
    CHECK(test.outcome(test.by("tsa")) == "TOTAL-FAILED CHAIN_CONSTRAINTS_FAILURE");
    CHECK(test.outcome(test.by("self-signed")) == "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND");
    CHECK(test.outcome(test.by("untrusted")) == "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND");
    SigningIdentity alone = test_pki().identity("good-ec");
    alone.chain.clear();
    CHECK(test.outcome(test.by(alone)) == "INDETERMINATE NO_CERTIFICATE_CHAIN_FOUND");
}

TEST_CASE("a signer that expired or was revoked later is a doubt without a time-stamp") {
    Battery test;
    test.fixture.context.clock.time = *parse_utc("2026-01-01T00:00:00.000Z");
    test.anchors.add_revocation_lists(test_pki().path("root-crl-later.pem"));
    const PackageEditor package = test.by("good-ec");
    test.fixture.context.clock.time = *parse_utc("2031-01-01T00:00:00.000Z");
    CHECK(test.outcome(package) == "INDETERMINATE REVOKED_CA_NO_POE");
    test.fixture.context.clock.time = *parse_utc("2050-01-01T00:00:00.000Z");
    TrustStore plain;
    plain.add_anchors(test_pki().path("root.pem"));
    test.options.trust = &plain;
    CHECK(test.outcome(package) == "INDETERMINATE OUT_OF_BOUNDS_NO_POE");
}

TEST_CASE("what is wrong with a signature has its verdict and its word") {
    Battery test;
    const auto made = [&](const std::string& signer, const std::string& command) {
        return test.outcome(test.by_command(signer, command));
    };
    CHECK(made("weak-rsa", cades) == "TOTAL-FAILED CRYPTO_CONSTRAINTS_FAILURE");
    CHECK(made("good-rsa", "-cades -md sha1") == "TOTAL-FAILED CRYPTO_CONSTRAINTS_FAILURE");
    CHECK(made("good-ec", "-md sha256") == "TOTAL-FAILED SIG_CONSTRAINTS_FAILURE");
    CHECK(made("good-ec", "-md sha256 -noattr") == "TOTAL-FAILED SIG_CONSTRAINTS_FAILURE");
    CHECK(made("good-ec", "-cades -md sha256 -nodetach") == "TOTAL-FAILED FORMAT_FAILURE");

    PackageEditor package = test.by("good-ec");
    std::swap(package.at(signature_001), package.at(signature_002));
    CHECK(test.outcome(package) == "TOTAL-FAILED HASH_FAILURE");
    package = test.by("good-ec");
    package.at(signature_001).back() ^= 0x01;
    CHECK(test.outcome(package) == "TOTAL-FAILED SIG_CRYPTO_FAILURE");
}
