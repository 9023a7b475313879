#include "signature/trust.h"

#include <doctest/doctest.h>

#include <ctime>

#include "base/atomic_file.h"
#include "test_errors.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

using Usage = TrustStore::Usage;

const UtcTime now = *parse_utc("2025-11-22T00:00:00.000Z");

TrustStore trusting(const std::string& anchor) {
    TrustStore trust;
    trust.add_anchors(test_pki().path(anchor + ".pem"));
    return trust;
}

Findings check(const TrustStore& trust, const std::string& name, UtcTime at = now,
               Usage usage = Usage::signing) {
    return trust.check(test_pki().certificate(name), {test_pki().certificate("intermediate")}, at,
                       usage, "signature001.p7s");
}

// The one finding's code and weight; "" for none.
std::string verdict_of(const Findings& findings) {
    std::string text;
    for (const Finding& finding : findings.all()) {
        CHECK(finding.layer == Layer::identity);
        CHECK(finding.where == "signature001.p7s");
        text +=
            (text.empty() ? "" : " ") + finding.code + " " + std::string(name_of(finding.weight));
    }
    return text;
}

// A certificate with its serial number (bytes 15 to 34) or the end of its signature changed.
Certificate altered(const std::string& name, bool signature) {
    Bytes der = test_pki().certificate(name).der();
    der[signature ? der.size() - 1 : 25] ^= 0x01;
    return Certificate::from_der(der, "altered");
}

}  // namespace

TEST_CASE("a signer below an anchor is believed") {
    const TrustStore trust = trusting("root");
    for (const char* name : {"good-ec", "good-ec384", "good-rsa", "ed25519", "revoked"}) {
        CAPTURE(name);
        CHECK(verdict_of(check(trust, name)) == "");
    }
}

TEST_CASE("each fault has its code") {
    const TrustStore trust = trusting("root");
    CHECK(verdict_of(check(trust, "expired")) == "certificate.expired failed");
    CHECK(verdict_of(check(trust, "not-yet-valid")) == "certificate.not-yet-valid failed");
    CHECK(verdict_of(check(trust, "wrong-usage")) == "certificate.wrong-usage failed");
    CHECK(verdict_of(check(trust, "tsa")) == "certificate.wrong-usage failed");
    CHECK(verdict_of(check(trust, "weak-rsa")) == "certificate.weak-key failed");
    CHECK(verdict_of(check(trust, "untrusted")) == "certificate.no-chain indeterminate");
    CHECK(verdict_of(check(trust, "self-signed")) == "certificate.no-chain indeterminate");
}

TEST_CASE("usage is judged only when it is asked for") {
    const TrustStore trust = trusting("root");
    for (const char* name : {"wrong-usage", "tsa", "weak-rsa", "recipient-ec"}) {
        CAPTURE(name);
        CHECK(verdict_of(check(trust, name, now, Usage::any)) == "");
    }
    CHECK(verdict_of(check(trust, "expired", now, Usage::any)) == "certificate.expired failed");
}

TEST_CASE("validity is judged at the time asked about") {
    const TrustStore trust = trusting("root");
    CHECK(verdict_of(check(trust, "expired", *parse_utc("2020-06-01T00:00:00.000Z"))) == "");
    CHECK(verdict_of(check(trust, "not-yet-valid", *parse_utc("2049-06-01T00:00:00.000Z"))) == "");
    const Findings early = check(trust, "good-ec", *parse_utc("2019-06-01T00:00:00.000Z"));
    CHECK(early.has("certificate.not-yet-valid"));
    CHECK(early.all().size() == 3);  // the whole chain is that young
    CHECK(
        check(trust, "good-ec", *parse_utc("2051-01-01T00:00:00.000Z")).has("certificate.expired"));
}

TEST_CASE("without an anchor nobody is believed") {
    const TrustStore trust;
    CHECK_FALSE(trust.has_anchors());
    CHECK(verdict_of(check(trust, "good-ec")) == "certificate.no-chain indeterminate");
    CHECK(check(trust, "expired").has("certificate.expired"));
}

TEST_CASE("a missing intermediate breaks the chain") {
    const TrustStore trust = trusting("root");
    CHECK(verdict_of(trust.check(test_pki().certificate("good-ec"), {}, now, Usage::signing,
                                 "signature001.p7s")) == "certificate.no-chain indeterminate");
}

TEST_CASE("an intermediate and a self-signed signer may be anchors") {
    CHECK(verdict_of(check(trusting("intermediate"), "good-ec")) == "");
    CHECK(verdict_of(check(trusting("self-signed"), "self-signed")) == "");
    CHECK(verdict_of(check(trusting("good-ec"), "good-ec")) == "");
    CHECK(verdict_of(check(trusting("good-ec"), "good-ec384")) ==
          "certificate.no-chain indeterminate");
}

TEST_CASE("a signer makes no issuer") {
    const TemporaryFolder folder;
    const std::string pki = test_pki().path("").native();
    REQUIRE(
        shell("cd " + folder.path().native() +
              " && openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k"
              " -out r -subj /CN=forged && openssl x509 -req -in r -CA " +
              pki + "good-ec.pem -CAkey " + pki +
              "good-ec.key -CAserial s -CAcreateserial -days 9000"
              " -out c") == 0);
    const Certificate forged = load_certificates(folder / "c").front();
    const Findings findings = trusting("root").check(
        forged, {test_pki().certificate("good-ec"), test_pki().certificate("intermediate")},
        forged.not_before(), Usage::any, "signature001.p7s");
    CHECK(findings.verdict() == Verdict::total_failed);
    CHECK(findings.has("certificate.wrong-usage"));
}

TEST_CASE("an issuer without basic constraints may not issue, unless it is the anchor") {
    const TemporaryFolder folder;
    // root <- old (version 3, keyCertSign, no basic constraints) <- leaf
    REQUIRE(shell("cd " + folder.path().native() +
                  " && export ALGORITHM='-newkey ec -nodes -pkeyopt"
                  " ec_paramgen_curve:P-256' && printf 'keyUsage=critical,keyCertSign\\n' > ext"
                  " && openssl req -new $ALGORITHM -keyout old.key -out old.csr -subj /CN=old"
                  " && openssl x509 -req -in old.csr -CA " +
                  test_pki().path("root.pem").native() + " -CAkey " +
                  test_pki().path("root.key").native() +
                  " -CAserial s -CAcreateserial -days 9000 -extfile ext -out old.pem"
                  " && openssl req -new $ALGORITHM -keyout leaf.key -out leaf.csr -subj /CN=leaf"
                  " && openssl x509 -req -in leaf.csr -CA old.pem -CAkey old.key -CAserial s"
                  " -days 9000 -out leaf.pem") == 0);
    const Certificate old = load_certificates(folder / "old.pem").front();
    const Certificate leaf = load_certificates(folder / "leaf.pem").front();
    CHECK(trusting("root")
              .check(leaf, {old}, leaf.not_before(), Usage::any, "x")
              .has("certificate.wrong-usage"));
    TrustStore trust;
    trust.add_anchors(folder / "old.pem");
    CHECK(trust.check(leaf, {}, leaf.not_before(), Usage::any, "x").all().empty());
}

TEST_CASE("an altered certificate is bad, not merely unknown") {
    const TrustStore trust = trusting("root");
    const std::vector<Certificate> issuers = {test_pki().certificate("intermediate")};
    for (const bool signature : {false, true}) {
        CAPTURE(signature);
        CHECK(trust.check(altered("good-ec", signature), issuers, now, Usage::signing, "x")
                  .has("certificate.bad-signature"));
        CHECK(trust
                  .check(test_pki().certificate("good-ec"), {altered("intermediate", signature)},
                         now, Usage::signing, "x")
                  .has("certificate.bad-signature"));
    }
}

TEST_CASE("a list at hand revokes") {
    TrustStore trust = trusting("root");
    trust.add_revocation_lists(test_pki().path("crl.pem"));
    CHECK(verdict_of(check(trust, "revoked")) == "certificate.revoked failed");
    CHECK(verdict_of(check(trust, "good-ec")) == "certificate.not-revoked info");
    trust.add_revocation_lists(test_pki().path("root-crl.pem"));
    CHECK(verdict_of(check(trust, "revoked")) == "certificate.revoked failed");
    CHECK(verdict_of(check(trust, "good-ec")) == "certificate.not-revoked info");
}

TEST_CASE("what a newer list says of an earlier time counts beside the list of that time") {
    const UtcTime then = *parse_utc("2024-01-15T00:00:00.000Z");
    TrustStore trust = trusting("root");
    trust.add_revocation_lists(test_pki().path("crl-old.pem"));
    CHECK(verdict_of(check(trust, "revoked", *parse_utc("2023-01-15T00:00:00.000Z"))) ==
          "certificate.not-revoked info");
    CHECK(verdict_of(check(trust, "revoked", then)) == "");  // that list had run out
    trust.add_revocation_lists(test_pki().path("crl.pem"));
    CHECK(verdict_of(check(trust, "revoked", then)) == "certificate.revoked failed");
    CHECK(verdict_of(check(trust, "revoked", *parse_utc("2023-01-15T00:00:00.000Z"))) ==
          "certificate.revoked-later warning");
}

TEST_CASE("a revoked issuer is a doubt, from its revocation on") {
    TrustStore trust = trusting("root");
    trust.add_revocation_lists(test_pki().path("root-crl-later.pem"));
    CHECK(verdict_of(check(trust, "good-ec")) == "certificate.revoked-later warning");
    CHECK(verdict_of(check(trust, "good-ec", *parse_utc("2030-01-01T00:00:00.000Z"))) ==
          "certificate.issuer-revoked indeterminate");
}

TEST_CASE("lists that came with a signature count when they hold, and only then") {
    const std::vector<Certificate> issuers = {test_pki().certificate("intermediate")};
    const auto with = [&](const std::string& name, const std::string& list) {
        return verdict_of(trusting("root").check(test_pki().certificate(name), issuers, now,
                                                 Usage::signing, "signature001.p7s",
                                                 load_revocation_lists(test_pki().path(list))));
    };
    CHECK(with("revoked", "crl.pem") == "certificate.revoked failed");
    CHECK(with("good-ec", "crl.pem") == "certificate.not-revoked info");
    CHECK(with("revoked", "root-crl.pem") == "");
    const RevocationList list = load_revocation_lists(test_pki().path("crl.pem")).front();
    Bytes forged = list.der();
    forged.back() ^= 0x01;
    CHECK(verdict_of(trusting("root").check(test_pki().certificate("revoked"), issuers, now,
                                            Usage::signing, "signature001.p7s",
                                            {RevocationList::from_der(forged, "forged")})) == "");
}

TEST_CASE("a key is good until the day its kind and size is given up") {
    const TrustStore trust = trusting("root");
    const UtcTime before = *parse_utc("2028-12-31T23:59:59.000Z");
    const UtcTime after = *parse_utc("2029-01-01T00:00:00.000Z");
    const auto stamping = Usage::time_stamping;
    CHECK(verdict_of(check(trust, "tsa-rsa2048", before, stamping)) == "");
    CHECK(verdict_of(check(trust, "tsa-rsa2048", after, stamping)) ==
          "certificate.algorithm-expired indeterminate");
    CHECK(verdict_of(check(trust, "tsa", after, stamping)) == "");
    CHECK(verdict_of(check(trust, "good-rsa", after)) == "");
    // An anchor is trusted as it stands.
    CHECK(verdict_of(check(trusting("tsa-rsa2048"), "tsa-rsa2048", after, stamping)) == "");
}

TEST_CASE("what was revoked later still held before") {
    TrustStore trust = trusting("root");
    trust.add_revocation_lists(test_pki().path("crl.pem"));
    CHECK(verdict_of(check(trust, "revoked", *parse_utc("2023-06-01T00:00:00.000Z"))) ==
          "certificate.revoked-later warning");
    CHECK(verdict_of(check(trust, "revoked", *parse_utc("2024-01-01T00:00:00.000Z"))) ==
          "certificate.revoked failed");
}

TEST_CASE("a forged list proves nothing and is said") {
    const TemporaryFolder folder;
    // Signed by a CA of the same name with another key.
    REQUIRE(
        shell("cd " + folder.path().native() +
              " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k"
              " -out c -days 9 -subj '/C=VN/O=Test Agency/CN=intermediate'"
              " && printf '[ca]\\ndefault_ca=a\\n[a]\\ndatabase=i\\ndefault_md=sha256\\n"
              "default_crl_days=9\\n' > cnf && : > i"
              " && openssl ca -config cnf -gencrl -keyfile k -cert c -out forged.pem") == 0);
    TrustStore trust = trusting("root");
    trust.add_revocation_lists(folder / "forged.pem");
    CHECK(verdict_of(check(trust, "good-ec")) == "certificate.bad-revocation-list indeterminate");
}

// The intermediate CA again, with a new key; its list names `revoked` and by identifier its own
// key.
struct Rekeyed {
    TemporaryFolder folder;

    Rekeyed() {
        const std::string pki = test_pki().path("").native();
        REQUIRE(shell("cd " + folder.path().native() +
                      " && name='/C=VN/O=Test Agency/CN=intermediate'"
                      " && printf '[ca]\\ndefault_ca=a\\n[a]\\ndatabase=i\\ndefault_md=sha256\\n"
                      "crl_extensions=l\\n[l]\\nauthorityKeyIdentifier=keyid\\n"
                      "[x]\\nbasicConstraints=critical,CA:TRUE\\nkeyUsage=cRLSign,keyCertSign\\n"
                      "subjectKeyIdentifier=hash\\n' > cnf && : > i"
                      " && openssl ecparam -name prime256v1 -genkey -noout -out k"
                      " && openssl req -x509 -new -key k -out own.pem -days 9000 -subj \"$name\""
                      " && openssl req -new -key k -out r -subj \"$name\""
                      " && openssl x509 -req -in r -CA " +
                      pki + "root.pem -CAkey " + pki +
                      "root.key -set_serial 77 -days 900 -extfile cnf -extensions x -out below.pem"
                      " && openssl ca -config cnf -keyfile k -cert own.pem -revoke " +
                      pki +
                      "revoked.pem && openssl ca -config cnf -gencrl -crldays 9 -keyfile k -cert"
                      " own.pem -out list.pem") == 0);
    }
    std::string verdict(TrustStore trust, const std::string& name, const char* other,
                        Usage usage = Usage::signing) const {
        trust.add_revocation_lists(folder / "list.pem");
        std::vector<Certificate> known = {test_pki().certificate("intermediate")};
        if (other) known.push_back(load_certificates(folder / other).front());
        return verdict_of(trust.check(test_pki().certificate(name), known,
                                      UtcTime::from_seconds(::time(nullptr) + 60), usage,
                                      "signature001.p7s"));
    }
};

TEST_CASE("a list under the name of the issuer by a key nobody vouches for is said") {
    const Rekeyed other;
    const std::string doubt = "certificate.bad-revocation-list indeterminate";
    CHECK(other.verdict(trusting("root"), "revoked", nullptr) == doubt);
    CHECK(other.verdict(trusting("root"), "revoked", "own.pem") == doubt);
    CHECK(other.verdict(trusting("root"), "tsa", nullptr, Usage::time_stamping) == doubt);
}

TEST_CASE("an authority revokes with its new key what it issued with the old one") {
    const Rekeyed other;
    const std::string revoked = "certificate.revoked failed";
    CHECK(other.verdict(trusting("root"), "revoked", "below.pem") == revoked);
    TrustStore both = trusting("root");
    both.add_anchors(other.folder / "own.pem");
    CHECK(other.verdict(std::move(both), "revoked", nullptr) == revoked);
}

TEST_CASE("anchors come from files and folders, in PEM or DER") {
    const TemporaryFolder folder;
    write_new_file(folder / "root.crt", test_pki().certificate("root").der());
    write_new_file(folder / "note.txt", as_bytes("not a certificate\n"));
    TrustStore trust;
    trust.add_anchors(folder.path());
    CHECK(trust.has_anchors());
    CHECK(verdict_of(check(trust, "good-ec")) == "");

    TrustStore lists = trusting("root");
    const TemporaryFolder list_folder;
    REQUIRE(shell("openssl crl -in " + test_pki().path("crl.pem").native() + " -outform DER -out " +
                  (list_folder / "list.crl").native()) == 0);
    lists.add_revocation_lists(list_folder.path());
    CHECK(verdict_of(check(lists, "revoked")) == "certificate.revoked failed");
}

TEST_CASE("a place without anchors or lists is an error") {
    const TemporaryFolder folder;
    TrustStore trust;
    CHECK(kind_of_error([&] { trust.add_anchors(folder.path()); }) == ErrorKind::crypto);
    CHECK(kind_of_error([&] { trust.add_anchors(test_pki().path("crl.pem")); }) ==
          ErrorKind::crypto);
    CHECK(kind_of_error([&] { trust.add_anchors(folder / "none"); }) == ErrorKind::not_found);
    CHECK(kind_of_error([&] { trust.add_revocation_lists(test_pki().path("root.pem")); }) ==
          ErrorKind::crypto);
    CHECK(kind_of_error([&] { trust.add_revocation_lists(folder / "none"); }) ==
          ErrorKind::not_found);
    CHECK_FALSE(trust.has_anchors());
}

TEST_CASE("the system's own store is never asked") {
    // A self-made anchor under the name openssl looks in by default must change nothing.
    const TemporaryFolder folder;
    ::setenv("SSL_CERT_FILE", test_pki().path("root.pem").c_str(), 1);
    const TrustStore trust;
    CHECK(verdict_of(check(trust, "good-ec")) == "certificate.no-chain indeterminate");
    ::unsetenv("SSL_CERT_FILE");
}
