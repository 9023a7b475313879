#include "signature/timestamp_token.h"

#include <algorithm>

#include "base/error.h"
#include "digest/digest.h"
#include "package/sample.h"
#include "test_tsa.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const std::string content = "<manifest/>\n";

TrustStore trust_of(const std::vector<std::string>& anchors,
                    const std::vector<std::string>& lists = {}) {
    TrustStore trust;
    for (const std::string& name : anchors) trust.add_anchors(test_pki().path(name));
    for (const std::string& name : lists) trust.add_revocation_lists(test_pki().path(name));
    return trust;
}

// The faults by name, each once, in order.
std::string faults_of(const TimestampCheck& check) {
    std::string names;
    for (const TimestampProblem& problem : check.problems) {
        const std::string name(name_of(problem.fault));
        CHECK_FALSE(problem.message.empty());
        if (names.find(name) == std::string::npos) names += (names.empty() ? "" : " ") + name;
    }
    CHECK(check.is_trusted() == names.empty());
    return names;
}

std::string faults_of(ByteView token, const TrustStore& trust) {
    return faults_of(check_timestamp(token, as_bytes(content), trust));
}
std::string faults_of(ByteView token) { return faults_of(token, trust_of({"root.pem"})); }

}  // namespace

TEST_CASE("a token of the stock authority holds, and says when, by whom and how exactly") {
    const TestTsa tsa;
    for (const Algorithm algorithm : {Algorithm::sha256, Algorithm::sha384, Algorithm::sha512}) {
        const Bytes token = tsa.token(as_bytes(content), algorithm);
        const TimestampCheck check =
            check_timestamp(token, as_bytes(content), trust_of({"root.pem"}));
        CHECK(faults_of(check) == "");
        REQUIRE(check.facts);
        CHECK(check.facts->tsa == test_pki().certificate("tsa"));
        CHECK(check.facts->policy == "1.2.3.4.1");
        CHECK(check.facts->accuracy_ms == 1500);
        CHECK(check.facts->time > UtcTime::from_seconds(1'700'000'000));
    }
}

TEST_CASE("the digest of the content serves as well as the content") {
    const TestTsa tsa;
    const Bytes token = tsa.token(as_bytes(content));
    const TrustStore trust = trust_of({"root.pem"});
    const Sha256 digest = sha256(content);
    CHECK(faults_of(check_timestamp(token, Algorithm::sha256, digest, trust)) == "");
    CHECK(faults_of(check_timestamp(token, Algorithm::sha512, digest, trust)) == "wrong-content");
    CHECK(faults_of(check_timestamp(token, Algorithm::sha256, sha256("else"), trust)) ==
          "wrong-content");
}

TEST_CASE("a token over other data is wrong-content") {
    const TestTsa tsa;
    CHECK(faults_of(tsa.token(as_bytes("something else"))) == "wrong-content");
    CHECK(weight_of(TimestampFault::wrong_content) == Weight::failed);
}

TEST_CASE("an authority without a way to an anchor is not believed") {
    const TestTsa tsa;
    const Bytes token = tsa.token(as_bytes(content));
    CHECK(faults_of(token, TrustStore()) == "no-chain");
    CHECK(faults_of(token, trust_of({"other-root.pem"})) == "no-chain");
    CHECK(faults_of(token, trust_of({"intermediate.pem"})) == "");
    CHECK(weight_of(TimestampFault::no_chain) == Weight::indeterminate);
}

TEST_CASE("only a certificate for time-stamping alone may stamp") {
    const TestTsa tsa;
    const Bytes token = tsa.token(as_bytes(content));
    // Signing a token again leaves the name of the first authority in it.
    CHECK(faults_of(tsa.signed_again(token, "tsa")) == "");
    for (const char* signer :
         {"good-ec", "tsa-not-critical", "tsa-two-usages", "tsa-unknown-usage", "tsa-wrong-key"}) {
        CAPTURE(signer);
        CHECK(faults_of(tsa.signed_again(token, signer)) == "wrong-certificate wrong-usage");
    }
    CHECK(faults_of(tsa.signed_again(token, "tsa-other")) == "wrong-certificate");
}

TEST_CASE("the authority's certificate is judged at the time of stamping") {
    const TestTsa tsa;
    const Bytes token = tsa.token(as_bytes(content));
    CHECK(faults_of(tsa.signed_again(token, "tsa-expired")) == "wrong-certificate expired");
    CHECK(faults_of(tsa.signed_again(token, "tsa-not-yet-valid")) ==
          "wrong-certificate not-yet-valid");
}

TEST_CASE("a revoked authority is not believed, whenever it was revoked") {
    const TestTsa tsa;
    const auto stamped = [&](const std::string& authority) {
        TestContext context;
        const TimestampQuery query =
            make_timestamp_query(as_bytes(content), Algorithm::sha256, "", context.random);
        return take_timestamp_token(tsa.reply(encode_timestamp_query(query), authority), query, "");
    };
    const TrustStore lists = trust_of({"root.pem"}, {"crl.pem", "root-crl.pem"});
    CHECK(faults_of(stamped("tsa"), lists) == "");
    CHECK(faults_of(stamped("tsa-revoked")) == "");
    CHECK(faults_of(stamped("tsa-revoked"), lists) == "revoked");
    CHECK(faults_of(stamped("tsa-revoked-later"), lists) == "revoked-later");
    CHECK(weight_of(TimestampFault::revoked_later) == Weight::indeterminate);
}

TEST_CASE("an authority is judged until the token is known to exist") {
    const TestTsa tsa;
    const UtcTime at = *parse_utc("2025-06-01T00:00:00.000Z");
    const TrustStore lists =
        trust_of({"root.pem"}, {"crl.pem", "root-crl.pem", "root-crl-later.pem"});
    const auto faults = [&](const std::string& authority, const char* known_at,
                            const TrustStore& trust) {
        const Bytes token = tsa.token_at(as_bytes(content), at, authority);
        return faults_of(check_timestamp(token, as_bytes(content), trust, parse_utc(known_at)));
    };
    const TrustStore plain = trust_of({"root.pem"});
    CHECK(faults("tsa", "2049-06-01T00:00:00.000Z", plain) == "");
    CHECK(faults("tsa", "2050-06-01T00:00:00.000Z", plain) == "authority-expired");
    CHECK(faults("tsa-revoked-later", "2029-06-01T00:00:00.000Z", lists) == "");
    CHECK(faults("tsa-revoked-later", "2048-06-01T00:00:00.000Z",
                 trust_of({"root.pem"}, {"crl.pem"})) == "revoked-later");
    CHECK(faults("tsa", "2029-06-01T00:00:00.000Z", lists) == "");
    CHECK(faults("tsa", "2030-06-01T00:00:00.000Z", lists) == "issuer-revoked");
    CHECK(faults("tsa-rsa2048", "2028-06-01T00:00:00.000Z", plain) == "");
    CHECK(faults("tsa-rsa2048", "2029-06-01T00:00:00.000Z", plain) == "algorithm-expired");
}

TEST_CASE("revocation lists travel inside a token, and are believed when they hold") {
    const TestTsa tsa;
    const TrustStore trust = trust_of({"root.pem"});
    std::vector<RevocationList> lists = load_revocation_lists(test_pki().path("crl.pem"));
    const Bytes token = tsa.token_at(as_bytes(content), *parse_utc("2025-06-01T00:00:00.000Z"));
    const std::vector<Certificate> chain = authority_chain(token);
    REQUIRE(chain.size() == 2);
    CHECK(chain[0] == test_pki().certificate("tsa"));
    CHECK(chain[1] == test_pki().certificate("intermediate"));

    const Bytes longer = with_revocation_lists(token, lists);
    CHECK(longer.size() > token.size());
    CHECK(faults_of(longer) == "");
    CHECK(with_revocation_lists(longer, lists) == longer);
    // Of an issuer whose certificate is elsewhere, by its name; of nobody on the chain, not at all.
    CHECK(with_revocation_lists(token, load_revocation_lists(test_pki().path("root-crl.pem")))
              .size() > token.size());
    Bytes forged = lists.front().der();
    forged.back() ^= 0x01;
    CHECK(with_revocation_lists(token, {RevocationList::from_der(forged, "forged")}) == token);

    const Bytes revoked = with_revocation_lists(
        tsa.token_at(as_bytes(content), *parse_utc("2025-06-01T00:00:00.000Z"), "tsa-revoked"),
        lists);
    CHECK(faults_of(revoked) == "revoked");
}

TEST_CASE("weak digests are named, of the data and of the signature") {
    const TestTsa tsa;
    const Bytes token = tsa.token(as_bytes(content));
    CHECK(faults_of(tsa.signed_again(token, "tsa", "-cades -md sha1 -nosmimecap")) ==
          "weak-algorithm");
    // 1.3.14.3.2.26 and 20 bytes: a question no function of ours would ask.
    const std::string sha1 =
        std::string("\x30\x27\x02\x01\x01\x30\x1F\x30\x07\x06\x05\x2B\x0E\x03\x02\x1A\x04\x14",
                    18) +
        std::string(20, 'x') + "\x01\x01\xFF";
    const Bytes reply = tsa.reply(as_bytes(sha1));
    CHECK(faults_of(take_timestamp_token(reply, "")) == "weak-algorithm");
}

TEST_CASE("what is no token is malformed") {
    const TestTsa tsa;
    const Bytes token = tsa.token(as_bytes(content));
    CHECK(faults_of(tsa.signed_again(token, "tsa", "-cades -md sha256", "pkcs7-data")) ==
          "malformed");
    CHECK(faults_of(tsa.signed_again(token, "tsa", "-md sha256 -noattr")) == "malformed");
    CHECK(faults_of(tsa.signed_again(token, "tsa", "-cades -md sha256 -stream -indef")) ==
          "malformed");
    const std::string pki = test_pki().path("good-ec").native();
    CHECK(faults_of(tsa.signed_again(
              token, "tsa", "-cades -md sha256 -signer " + pki + ".pem -inkey " + pki + ".key")) ==
          "malformed");
    CHECK(faults_of(as_bytes("nothing")) == "malformed");
    CHECK(faults_of(ByteView()) == "malformed");
}

TEST_CASE("a token says by signature which certificate its authority means") {
    const TestTsa tsa;
    const Bytes token = tsa.token(as_bytes(content));
    CHECK(faults_of(tsa.signed_again(token, "tsa", "-md sha256 -nosmimecap")) ==
          "wrong-certificate");
    CHECK(faults_of(tsa.signed_again(token, "tsa", "-cades -md sha256 -nocerts")) ==
          "wrong-certificate");
}

TEST_CASE("no byte of a token can change what a trusted one says") {
    const TestTsa tsa;
    const TrustStore trust = trust_of({"root.pem"});
    const Bytes token = tsa.token(as_bytes(content));
    const auto facts = check_timestamp(token, as_bytes(content), trust).facts;
    REQUIRE(facts);
    std::size_t unharmed = 0;
    for (std::size_t i = 0; i < token.size(); ++i) {
        for (const unsigned bits : {0x01u, 0x80u, 0xFFu}) {
            Bytes changed = token;
            changed[i] = static_cast<std::uint8_t>(changed[i] ^ bits);
            const TimestampCheck check = check_timestamp(changed, as_bytes(content), trust);
            if (!check.is_trusted()) continue;
            ++unharmed;
            CAPTURE(i);
            CHECK(*check.facts == *facts);
        }
    }
    // Only the certificates above the authority's own could change unnoticed; they are its way to
    // the anchor, so here not even they.
    CHECK(unharmed == 0);
}

TEST_CASE("both tokens of an independent program hold, and no changed byte makes others of them") {
    const Sample sample;
    TrustStore trust;
    trust.add_anchors(fs::path(EVIDENCE_TESTS_DIR) / "vectors/sample-ca.crt");
    for (const std::string number : {"003", "004"}) {
        const std::string manifest = sample.entry("META-INF/ASiCManifest" + number + ".xml");
        const std::string entry = sample.entry("META-INF/timestamp" + number + ".tst");
        const TimestampCheck check = check_timestamp(as_bytes(entry), as_bytes(manifest), trust);
        CHECK(faults_of(check) == "");
        REQUIRE(check.facts);
        CHECK(format_utc(check.facts->time) == "2026-11-22T01:16:38.000Z");
        CHECK(check.facts->tsa.subject() == "CN=Sample TSA,O=Sample Time,C=PL");
        CHECK(check.facts->accuracy_ms == 1000);
        for (std::size_t i = 0; i < entry.size(); ++i) {
            std::string changed = entry;
            changed[i] = static_cast<char>(changed[i] ^ 0x01);
            const TimestampCheck again =
                check_timestamp(as_bytes(changed), as_bytes(manifest), trust);
            if (again.is_trusted()) CHECK(*again.facts == *check.facts);
        }
    }
}
