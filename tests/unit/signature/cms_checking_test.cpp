#include <doctest/doctest.h>

#include <openssl/pem.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/atomic_file.h"
#include "signature/cms_signature.h"
#include "signature/openssl_handles.h"
#include "signature/trust.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const UtcTime at{1'763'776'538'000};
const std::string content = "<manifest/>\n";

std::string pki(const std::string& name) { return test_pki().path(name).native(); }

// What `openssl cms -sign` makes with these options, in DER.
Bytes openssl_sign(const std::string& options) {
    const TemporaryFolder folder;
    write_new_file(folder / "content", as_bytes(content));
    REQUIRE(shell("cd " + folder.path().native() +
                  " && openssl cms -sign -binary -outform DER -in content -out s " + options) == 0);
    const std::string bytes = read_small_file(folder / "s", 2 * mib);
    return {bytes.begin(), bytes.end()};
}

std::string signer(const std::string& name) {
    return " -signer " + pki(name + ".pem") + " -inkey " + pki(name + ".key");
}

const std::string pinned = " -cades -md sha256 -nosmimecap";
const std::string with_issuer = " -certfile " + pki("intermediate.pem");

DetachedSignature check(ByteView signature) {
    return check_detached(signature, as_bytes(content), "META-INF/signature001.p7s");
}

// Codes of the findings, each once, in order.
std::string codes_of(const DetachedSignature& checked) {
    std::string codes;
    for (const Finding& finding : checked.findings.all()) {
        CHECK(finding.weight == Weight::failed);
        CHECK(finding.where == "META-INF/signature001.p7s");
        if (codes.find(finding.code) != std::string::npos) continue;
        codes += (codes.empty() ? "" : " ") + finding.code;
    }
    return codes;
}

std::string codes_of(ByteView signature) { return codes_of(check(signature)); }

CmsHandle parse(const Bytes& der) {
    const unsigned char* position = der.data();
    return CmsHandle(d2i_CMS_ContentInfo(nullptr, &position, static_cast<long>(der.size())));
}

Bytes encode(const CmsHandle& cms) { return der_of<i2d_CMS_ContentInfo>(cms.get(), "cms"); }

CMS_SignerInfo* signer_of(const CmsHandle& cms) {
    return sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms.get()), 0);
}

Bytes good_signature() {
    return sign_detached(as_bytes(content), test_pki().identity("good-ec"), at);
}

CrlHandle list_of(const std::string& name) {
    const std::string pem = test_pki().text(name);
    const BioHandle bio = memory_bio(as_bytes(pem));
    return CrlHandle(PEM_read_bio_X509_CRL(bio.get(), nullptr, nullptr, nullptr));
}

// The bytes of `what` inside `der` replaced by as many others.
Bytes replaced(Bytes der, ByteView what, ByteView by) {
    REQUIRE(what.size() == by.size());
    const auto place = std::search(der.begin(), der.end(), what.begin(), what.end());
    REQUIRE(place != der.end());
    std::copy(by.begin(), by.end(), place);
    return der;
}

}  // namespace

TEST_CASE("signatures of the stock command in the pinned shape are accepted") {
    const std::string chain = " -certfile " + pki("chain.pem");
    for (const std::string& options :
         {signer("good-ec") + pinned + with_issuer, signer("good-ec") + pinned + chain,
          signer("good-ec") + pinned, signer("good-ec") + pinned + with_issuer + " -keyid",
          signer("good-ec") + " -cades -md sha512 -nosmimecap" + with_issuer,
          signer("good-ec384") + " -cades -md sha384 -nosmimecap" + with_issuer,
          signer("good-rsa") + pinned + with_issuer,
          signer("good-rsa") + " -keyopt rsa_padding_mode:pss -keyopt rsa_pss_saltlen:digest" +
              pinned + with_issuer,
          signer("self-signed") + pinned}) {
        CAPTURE(options);
        const DetachedSignature checked = check(openssl_sign(options));
        CHECK(codes_of(checked) == "");
        CHECK(checked.signer);
        CHECK(checked.signing_time);
    }
}

TEST_CASE("each departure of the stock command has its code") {
    const std::string good = signer("good-ec") + with_issuer;
    const std::pair<std::string, std::string> cases[] = {
        {good + " -md sha256 -noattr", "signature.no-signed-attributes"},
        {good + pinned + " -nodetach", "signature.embedded-content"},
        {good + " -md sha256 -nosmimecap", "signature.missing-attribute"},
        {good + " -md sha256 -cades", "signature.foreign-attribute"},
        {good + pinned + signer("good-ec384"), "signature.signer-count"},
        {good + pinned + " -stream", "signature.malformed"},
        {good + pinned + " -nocerts", "signature.wrong-certificates"},
        {signer("good-ec") + pinned + " -certfile " + pki("other-root.pem"),
         "signature.wrong-certificates"},
        {signer("good-ec") + pinned + " -certfile " + pki("root.pem"),
         "signature.wrong-certificates"},
        {signer("weak-rsa") + pinned + with_issuer, "signature.weak-algorithm"},
        {good + " -cades -md sha224 -nosmimecap", "signature.weak-algorithm"},
        {good + pinned + " -receipt_request_to a@example.org -receipt_request_all",
         "signature.foreign-attribute"},
        {good + pinned + " -econtent_type 1.2.3.4", "signature.wrong-shape"},
    };
    for (const auto& [options, code] : cases) {
        CAPTURE(options);
        CHECK(codes_of(openssl_sign(options)) == code);
    }
    const DetachedSignature sha1 = check(openssl_sign(good + " -cades -md sha1 -nosmimecap"));
    CHECK(sha1.findings.has("signature.weak-algorithm"));
    CHECK(sha1.findings.has("signature.missing-attribute"));
}

TEST_CASE("each departure of RSASSA-PSS from its digest has its words") {
    const std::string pss = signer("good-rsa") + " -keyopt rsa_padding_mode:pss";
    const std::pair<std::string, std::string> cases[] = {
        {" -keyopt rsa_pss_saltlen:digest -keyopt rsa_mgf1_md:sha512", "mask by another digest"},
        {" -keyopt rsa_pss_saltlen:digest -keyopt rsa_mgf1_md:sha1", "mask by SHA-1"},
        {" -keyopt rsa_pss_saltlen:31", "salt that is not as long"},
        {" -keyopt rsa_pss_saltlen:33", "salt that is not as long"},
        {" -keyopt rsa_pss_saltlen:20", "salt that is not as long"},
        {" -keyopt rsa_pss_saltlen:max", "salt that is not as long"},
    };
    for (const auto& [options, words] : cases) {
        CAPTURE(options);
        const DetachedSignature checked = check(openssl_sign(pss + options + pinned + with_issuer));
        CHECK(codes_of(checked) == "signature.weak-algorithm");
        CHECK(checked.findings.all().front().message.find(words) != std::string::npos);
    }
}

TEST_CASE("other content and other signatures are told apart") {
    const Bytes signature = good_signature();
    CHECK(codes_of(check_detached(signature, as_bytes("other"), "META-INF/signature001.p7s")) ==
          "signature.wrong-content");
    Bytes altered = signature;
    altered.back() ^= 0x01;  // the end of the ECDSA value
    CHECK(codes_of(altered) == "signature.invalid");
}

TEST_CASE("what is no DER, or more or less than one element, is malformed") {
    const Bytes signature = good_signature();
    CHECK(codes_of(Bytes{}) == "signature.malformed");
    CHECK(codes_of(as_bytes("-----BEGIN CMS-----\n")) == "signature.malformed");
    for (std::size_t size = 0; size < signature.size(); ++size) {
        CHECK(codes_of(ByteView(signature).first(size)) == "signature.malformed");
    }
    Bytes longer = signature;
    longer.push_back(0);
    CHECK(codes_of(longer) == "signature.malformed");
    CHECK(codes_of(Bytes(cms_max_bytes + 1, 0x30)) == "signature.malformed");
}

TEST_CASE("another kind of message is malformed") {
    const TemporaryFolder folder;
    write_new_file(folder / "content", as_bytes(content));
    REQUIRE(shell("cd " + folder.path().native() +
                  " && openssl cms -data_create -in content -outform DER -out s") == 0);
    CHECK(codes_of(as_bytes(read_small_file(folder / "s", mib))) == "signature.malformed");
}

TEST_CASE("one signature-time-stamp may be added, nothing else unsigned") {
    // The checker does not open the token yet, so any SEQUENCE stands for one here.
    const auto with_attributes = [](const std::vector<const char*>& object_ids) {
        const CmsHandle cms = parse(good_signature());
        const std::array<std::uint8_t, 2> token = {0x30, 0x00};
        for (const char* id : object_ids) {
            REQUIRE(CMS_unsigned_add1_attr_by_txt(signer_of(cms), id, V_ASN1_SEQUENCE, token.data(),
                                                  token.size()) == 1);
        }
        return check(encode(cms));
    };
    const char* time_stamp = "1.2.840.113549.1.9.16.2.14";
    const DetachedSignature stamped = with_attributes({time_stamp});
    CHECK(codes_of(stamped) == "");
    CHECK_FALSE(stamped.time_stamp.empty());
    CHECK(codes_of(with_attributes({"1.2.840.113549.1.9.16.2.27"})) ==
          "signature.unsigned-attributes");
    CHECK(codes_of(with_attributes({time_stamp, "1.2.840.113549.1.9.16.2.27"})) ==
          "signature.unsigned-attributes");
}

TEST_CASE("revocation lists of issuers on the chain are suffered, others are not") {
    const auto with_lists = [](const std::vector<std::string>& names) {
        const CmsHandle cms = parse(good_signature());
        for (const std::string& name : names) {
            REQUIRE(CMS_add1_crl(cms.get(), list_of(name).get()) == 1);
        }
        return codes_of(encode(cms));
    };
    CHECK(with_lists({"crl.pem"}) == "");
    CHECK(with_lists({"crl.pem", "root-crl.pem"}) == "");
    CHECK(with_lists({"crl.pem", "crl.pem"}) == "signature.wrong-revocation-lists");

    const CmsHandle foreign =
        parse(sign_detached(as_bytes(content), test_pki().identity("untrusted"), at));
    REQUIRE(CMS_add1_crl(foreign.get(), list_of("crl.pem").get()) == 1);
    CHECK(codes_of(encode(foreign)) == "signature.wrong-revocation-lists");
}

TEST_CASE("an altered revocation list does not belong") {
    const CmsHandle cms = parse(good_signature());
    const CrlHandle list = list_of("crl.pem");
    REQUIRE(CMS_add1_crl(cms.get(), list.get()) == 1);
    Bytes altered = der_of<i2d_X509_CRL>(list.get(), "list");
    altered.back() ^= 0x01;
    CHECK(codes_of(replaced(encode(cms), der_of<i2d_X509_CRL>(list.get(), "list"), altered)) ==
          "signature.wrong-revocation-lists");
}

TEST_CASE("the same key under another certificate is not the same signer") {
    // good-rsa and recipient-rsa share a key: the signature value fits both certificates, the
    // signed reference only one.
    const SigningIdentity identity = test_pki().identity("good-rsa");
    const Certificate other = test_pki().certificate("recipient-rsa");
    using Reference =
        std::unique_ptr<ESS_SIGNING_CERT_V2, OpenSslDeleter<ESS_SIGNING_CERT_V2_free>>;
    const Reference reference(
        OSSL_ESS_signing_cert_v2_new_init(EVP_sha256(), identity.certificate.handle(), nullptr, 1));
    const Bytes der = der_of<i2d_ESS_SIGNING_CERT_V2>(reference.get(), "reference");

    constexpr unsigned flags = CMS_BINARY | CMS_DETACHED | CMS_PARTIAL | CMS_NOSMIMECAP;
    const CmsHandle cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, flags));
    CMS_SignerInfo* info =
        CMS_add1_signer(cms.get(), other.handle(), identity.key.handle(), EVP_sha256(), flags);
    REQUIRE(info);
    REQUIRE(CMS_signed_add1_attr_by_NID(info, NID_id_smime_aa_signingCertificateV2, V_ASN1_SEQUENCE,
                                        der.data(), static_cast<int>(der.size())) == 1);
    const BioHandle source = memory_bio(as_bytes(content));
    REQUIRE(CMS_final(cms.get(), source.get(), nullptr, flags) == 1);
    CHECK(codes_of(encode(cms)) == "signature.wrong-reference");
}

TEST_CASE("an altered issuer inside is noticed") {
    const Bytes intermediate = test_pki().certificate("intermediate").der();
    Bytes altered = intermediate;
    altered[25] ^= 0x01;  // its serial number
    CHECK(codes_of(replaced(good_signature(), intermediate, altered)) ==
          "signature.wrong-reference");

    // openssl's own reference names the signer only; then the issuer's issuer must be at hand.
    const Bytes alone = openssl_sign(signer("good-ec") + pinned + with_issuer);
    const DetachedSignature unbound = check(replaced(alone, intermediate, altered));
    CHECK(codes_of(unbound) == "");
    REQUIRE(unbound.signer);
    TrustStore trust;
    trust.add_anchors(test_pki().path("root.pem"));
    CHECK(trust.check(*unbound.signer, unbound.intermediates, at, TrustStore::Usage::signing, "x")
              .has("certificate.bad-signature"));

    const Bytes whole = openssl_sign(signer("good-ec") + pinned + " -certfile " + pki("chain.pem"));
    CHECK(codes_of(replaced(whole, intermediate, altered)).find("certificate.bad-signature") !=
          std::string::npos);
    const Bytes root = test_pki().certificate("root").der();
    Bytes altered_root = root;
    altered_root.back() ^= 0x01;
    CHECK(codes_of(replaced(whole, root, altered_root)).find("certificate.bad-signature") !=
          std::string::npos);
}

TEST_CASE("a certificate bag without bound is refused before any of it is verified") {
    const CmsHandle cms = parse(good_signature());
    for (const char* name : {"expired", "not-yet-valid", "revoked", "wrong-usage", "tsa",
                             "weak-rsa", "ed25519", "self-signed", "untrusted", "other-root",
                             "recipient-ec", "recipient-rsa", "good-ec384", "good-rsa", "root"}) {
        REQUIRE(CMS_add1_cert(cms.get(), test_pki().certificate(name).handle()) == 1);
    }
    const DetachedSignature checked = check(encode(cms));
    CHECK(codes_of(checked) == "signature.wrong-certificates");
    CHECK(checked.findings.all().size() == 1);
}

TEST_CASE("any byte changed gives a failure, or the same signer and the same facts") {
    TrustStore trust;
    trust.add_anchors(test_pki().path("root.pem"));
    const auto believed = [&](const DetachedSignature& checked) {
        Findings findings = checked.findings;
        if (checked.signer) {
            findings.append(trust.check(*checked.signer, checked.intermediates, at,
                                        TrustStore::Usage::signing, "x"));
        }
        return findings;
    };
    // Ours names every certificate inside; openssl's own leaves the issuer of a root copy open,
    // which changes nothing for who trusts the true root.
    const Bytes ours = good_signature();
    const Bytes theirs =
        openssl_sign(signer("good-ec") + pinned + " -certfile " + pki("chain.pem"));
    for (const Bytes& signature : {ours, theirs}) {
        const DetachedSignature original = check(signature);
        REQUIRE(believed(original).all().empty());
        std::size_t accepted = 0;
        for (std::size_t i = 0; i < signature.size(); ++i) {
            constexpr std::array masks = {0x01, 0x20, 0x80};
            Bytes altered = signature;
            altered[i] = static_cast<std::uint8_t>(altered[i] ^ masks[i % masks.size()]);
            const DetachedSignature checked = check(altered);
            const Findings findings = believed(checked);
            if (findings.verdict() == Verdict::total_failed) continue;
            CAPTURE(i);
            ++accepted;
            CHECK(findings.all().empty());
            REQUIRE(checked.signer);
            CHECK(checked.signer->fingerprint() == original.signer->fingerprint());
            CHECK(checked.signing_time == original.signing_time);
            CHECK(checked.time_stamp == original.time_stamp);
        }
        if (signature == ours) CHECK(accepted == 0);
    }
}

TEST_CASE(
    "the independent sample is accepted, and each of its two signatures for its content only") {
    const TemporaryFolder folder;
    REQUIRE(shell("unzip -q -d " + folder.path().native() +
                  " " EVIDENCE_TESTS_DIR "/vectors/sample-v1.asice 'META-INF/*'") == 0);
    TrustStore trust;
    trust.add_anchors(EVIDENCE_TESTS_DIR "/vectors/sample-ca.crt");
    const auto file = [&](const std::string& name) {
        return read_small_file(folder / ("META-INF/" + name), mib);
    };
    for (const auto& [number, other] : {std::pair{"001", "002"}, std::pair{"002", "001"}}) {
        const std::string signature = file(std::string("signature") + number + ".p7s");
        const std::string manifest = file(std::string("ASiCManifest") + number + ".xml");
        const std::string foreign = file(std::string("ASiCManifest") + other + ".xml");
        const DetachedSignature checked =
            check_detached(as_bytes(signature), as_bytes(manifest), number);
        CHECK(checked.findings.all().empty());
        REQUIRE(checked.signer);
        CHECK(checked.signer->common_name() == "Sample Investigator");
        REQUIRE(checked.signing_time);
        CHECK(trust
                  .check(*checked.signer, checked.intermediates, *checked.signing_time,
                         TrustStore::Usage::signing, number)
                  .all()
                  .empty());
        CHECK(check_detached(as_bytes(signature), as_bytes(foreign), number)
                  .findings.has("signature.wrong-content"));
    }
}
