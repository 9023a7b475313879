// Expired and revoked signers, before and after the time that is claimed, proven or now.
#include "signature/claimed_time.h"

#include <doctest/doctest.h>

#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

UtcTime day(const std::string& text) { return *parse_utc(text + "T00:00:00.000Z"); }

DetachedSignature signature_of(const std::string& signer, const std::string& claimed,
                               const std::vector<RevocationList>& lists = {}) {
    DetachedSignature signature = check_detached(
        sign_detached(as_bytes("x"), test_pki().identity(signer), day(claimed), lists),
        as_bytes("x"), "s");
    REQUIRE(signature.findings.all().empty());
    return signature;
}

struct Case {
    std::string signer, claimed, now;
    std::string proven = "";
    std::vector<std::string> lists = {};
};

// Code and weight of what stands against the signer.
std::string doubts(const Case& given) {
    TrustStore trust;
    trust.add_anchors(test_pki().path("root.pem"));
    for (const std::string& list : given.lists) trust.add_revocation_lists(test_pki().path(list));
    const DetachedSignature signature = signature_of(given.signer, given.claimed);
    const Findings findings =
        given.proven.empty()
            ? check_signer_at_claimed_time(trust, signature, day(given.now), "s")
            : check_signer_at_proven_time(trust, signature, day(given.proven), "s");
    std::string text;
    for (const Finding& finding : findings.all()) {
        if (finding.weight == Weight::info) continue;
        text +=
            (text.empty() ? "" : " ") + finding.code + " " + std::string(name_of(finding.weight));
    }
    return text;
}

}  // namespace

TEST_CASE("an expired signer is a doubt, a failure by his own words, or no matter") {
    CHECK(doubts({"expired", "2020-06-01", "2020-07-01"}) == "");
    CHECK(doubts({"expired", "2020-06-01", "2021-07-01"}) == "certificate.expired indeterminate");
    CHECK(doubts({"expired", "2021-06-01", "2021-07-01"}) == "certificate.expired failed");
    CHECK(doubts({"expired", "2020-06-01", "2021-07-01", "2020-07-01"}) == "");
    // A token from after the end proves nothing of the time before it.
    CHECK(doubts({"expired", "2020-06-01", "2022-07-01", "2021-07-01"}) ==
          "certificate.expired indeterminate");
}

TEST_CASE("a list that was in force when it expired says that it was not revoked") {
    CHECK(doubts({"good-ec", "2023-06-01", "2050-06-01", "", {"crl.pem"}})
              .find("certificate.expired-not-revoked indeterminate") != std::string::npos);
    CHECK(doubts({"good-ec", "2023-06-01", "2050-06-01", "", {"crl-old.pem"}})
              .find("certificate.expired indeterminate") != std::string::npos);
}

TEST_CASE("a revoked signer is a doubt, a failure by his own words, or no matter") {
    const std::vector<std::string> lists = {"crl.pem"};  // since 2024-01-01
    CHECK(doubts({"revoked", "2023-06-01", "2025-06-01"}) == "");
    CHECK(doubts({"revoked", "2023-06-01", "2025-06-01", "", lists}) ==
          "certificate.revoked indeterminate");
    CHECK(doubts({"revoked", "2024-06-01", "2025-06-01", "", lists}) ==
          "certificate.revoked failed");
    CHECK(doubts({"revoked", "2023-06-01", "2025-06-01", "2023-06-02", lists}) ==
          "certificate.revoked-later warning");
    CHECK(doubts({"revoked", "2023-06-01", "2025-06-01", "2024-06-01", lists}) ==
          "certificate.revoked indeterminate");
}

TEST_CASE("a signature that claims to be older than its certificate fails also when that expired") {
    CHECK(doubts({"not-yet-valid", "2048-06-01", "2049-06-01"}) == "");
    CHECK(
        doubts({"expired", "2019-06-01", "2021-06-01"}).find("certificate.not-yet-valid failed") !=
        std::string::npos);
}

TEST_CASE("lists inside the signature are asked") {
    TrustStore trust;
    trust.add_anchors(test_pki().path("root.pem"));
    const DetachedSignature signature =
        signature_of("revoked", "2024-06-01", load_revocation_lists(test_pki().path("crl.pem")));
    CHECK(signature.revocation_lists.size() == 1);
    CHECK(check_signer_at_claimed_time(trust, signature, day("2025-01-01"), "s")
              .has("certificate.revoked"));
}
