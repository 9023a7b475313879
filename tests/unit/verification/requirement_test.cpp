#include "verification/requirement.h"

#include <doctest/doctest.h>
#include <openssl/x509v3.h>

#include "base/error.h"
#include "signature/openssl_handles.h"
#include "test_pki.h"
#include "verification/package_editor.h"

using namespace evidence;
using test::EditedPackage;
using test::failed_codes;
using test::PackageEditor;

namespace {

Requirements parsed(std::initializer_list<std::string_view> words) {
    Requirements requirements;
    for (std::string_view word : words) requirements.add(word);
    return requirements;
}

// The same key in a certificate that it made for somebody else.
SigningIdentity other_name_of(const SigningIdentity& identity) {
    const CertificateHandle made(X509_dup(identity.certificate.handle()));
    X509_NAME* name = X509_get_subject_name(made.get());
    const auto* text = reinterpret_cast<const unsigned char*>("Somebody Else");
    REQUIRE(X509_NAME_add_entry_by_txt(name, "OU", MBSTRING_UTF8, text, -1, -1, 0) == 1);
    REQUIRE(X509_set_issuer_name(made.get(), name) == 1);
    for (int at; (at = X509_get_ext_by_NID(made.get(), NID_authority_key_identifier, -1)) >= 0;) {
        X509_EXTENSION_free(X509_delete_ext(made.get(), at));
    }
    REQUIRE(X509_sign(made.get(), identity.key.handle(), EVP_sha256()) > 0);
    return {identity.key, Certificate(made.get()), {}};
}

// A package with these co-signers, announced and signing all that 001 lists.
struct CoSigned : EditedPackage {
    CoSigned() {
        fixture.add_image("DISK-1", "bytes");
        trust.add_anchors(test::test_pki().path("root.pem"));
    }

    void trust_in(const SigningIdentity& identity) {
        const fs::path anchor = fixture.folder / identity.certificate.fingerprint();
        write_new_file(anchor, as_bytes(identity.certificate.pem()));
        trust.add_anchors(anchor);
    }
    PackageEditor with(const std::vector<SigningIdentity>& cosigners) {
        PackageEditor package = seal();
        PackageDocument document = parse_package_document(package.at("package.json"), "");
        for (const SigningIdentity& cosigner : cosigners) {
            document.cosigned_by.push_back(cosigner.certificate.fingerprint());
        }
        package.at("package.json") = format_package_document(document);
        package.reseal(fixture.identity, fixture.context);
        unsigned number = 101;
        for (const SigningIdentity& cosigner : cosigners) {
            const std::string name = "META-INF/signature" + std::to_string(number) + ".p7s";
            const std::string manifest =
                asic_manifest(name, package.files_where(is_in_manifest_001));
            package.append("META-INF/ASiCManifest" + std::to_string(number++) + ".xml", manifest);
            package.append(name, std::string(as_text(sign_detached(as_bytes(manifest), cosigner,
                                                                   fixture.context.clock.time))));
        }
        return package;
    }

    std::string codes(const PackageEditor& package, const Requirements& required) {
        package.write(path);
        VerificationOptions options;
        options.trust = &trust;
        options.required = required;
        return failed_codes(verify_package(path, options, fixture.context));
    }
};

}  // namespace

TEST_CASE("requirements are the words of the manual, and no others") {
    const Requirements all =
        parsed({"timestamp", "outside-head", "signed-events", "complete-acquisition"});
    CHECK(all.names.size() == 4);
    CHECK(all.signers == 0);
    CHECK(parsed({"signers=2", "signers=3", "signers=1"}).signers == 3);
    for (const char* word : {"", "signers", "signers=", "signers=0", "signers=101", "signers=2x",
                             "signers=-1", "Timestamp", "outside_head"}) {
        CAPTURE(word);
        CHECK_THROWS_AS(parsed({word}), Error);
    }
}

TEST_CASE("signers are counted by who they are, not by how often they sign") {
    CoSigned check;
    const test::TestPki& pki = test::test_pki();
    const Requirements two = parsed({"signers=2"}), three = parsed({"signers=3"});
    const std::string too_few = "signature.too-few-signers";
    CHECK(check.codes(check.with({}), {}) == "");
    CHECK(check.codes(check.with({}), parsed({"signers=1"})) == "");
    CHECK(check.codes(check.with({}), two) == too_few);

    const PackageEditor co_signed = check.with({pki.identity("good-ec")});
    CHECK(check.codes(co_signed, two) == "");
    CHECK(check.codes(co_signed, three) == too_few);
    CHECK(check.codes(check.with({pki.identity("good-ec"), pki.identity("good-rsa")}), three) ==
          "");

    // A second key under the sealer's name, and a second name for one key.
    const SigningIdentity namesake =
        test::make_identity(check.fixture.folder, check.fixture.context);
    check.trust_in(namesake);
    CHECK(check.codes(check.with({namesake}), two) == too_few);
    const SigningIdentity pseudonym = other_name_of(pki.identity("good-ec"));
    check.trust_in(pseudonym);
    CHECK(check.codes(check.with({pki.identity("good-ec"), pseudonym}), three) == too_few);
    CHECK(check.codes(check.with({pseudonym}), two) == "");
    // Two names and two keys, and yet no two share neither.
    const SigningIdentity alias = other_name_of(namesake);
    check.trust_in(alias);
    CHECK(check.codes(check.with({namesake, alias}), two) == too_few);

    // Somebody nobody knows.
    CHECK(check.codes(check.with({pki.identity("untrusted")}), two) ==
          "certificate.no-chain " + too_few);
}

TEST_CASE("a co-signature over another package is no signer of this one") {
    CoSigned check;
    PackageEditor package = check.with({test::test_pki().identity("good-ec")});
    std::string& manifest = package.at("META-INF/ASiCManifest101.xml");
    manifest.replace(manifest.find("README.txt"), 10, "REBDME.txt");
    package.at("META-INF/signature101.p7s") =
        as_text(sign_detached(as_bytes(manifest), test::test_pki().identity("good-ec"),
                              check.fixture.context.clock.time));
    CHECK(check.codes(package, parsed({"signers=2"})) ==
          "manifest.digest-mismatch signature.too-few-signers");
}

TEST_CASE("what a package lacks weighs when it is required") {
    CoSigned check;
    check.fixture.author.identity = nullptr;
    check.fixture.case_folder.ledger().append(test::event("label", {"DISK-1"}),
                                              check.fixture.author, check.fixture.context);
    check.fixture.author.identity = &check.fixture.identity;
    const PackageEditor package = check.with({});
    CHECK(check.codes(package, {}) == "");
    CHECK(check.codes(package, parsed({"signed-events"})) == "custody.unsigned-events");
    CHECK(check.codes(package, parsed({"outside-head"})) == "custody.no-outside-head");
    CHECK(check.codes(package, parsed({"timestamp"})) == "timestamp.absent");
    CHECK(check.codes(package, parsed({"complete-acquisition"})) == "");
}
