#include "verification/sub_indication.h"

#include <doctest/doctest.h>

#include "signature/timestamp_token.h"

using namespace evidence;

namespace {

std::string name(const std::string& code, Weight weight = Weight::failed) {
    return std::string(sub_indication_of(Finding{code, Layer::identity, weight, "", ""}));
}

}  // namespace

TEST_CASE("findings carry the words of EN 319 102-1") {
    CHECK(name("signature.wrong-content") == "HASH_FAILURE");
    CHECK(name("signature.invalid") == "SIG_CRYPTO_FAILURE");
    CHECK(name("certificate.no-chain", Weight::indeterminate) == "NO_CERTIFICATE_CHAIN_FOUND");
    CHECK(name("timestamp.wrong-order") == "TIMESTAMP_ORDER_FAILURE");
    CHECK(name("zip.gap") == "");
}

TEST_CASE("what is proven and what is only in doubt have different words") {
    CHECK(name("certificate.expired") == "EXPIRED");
    CHECK(name("certificate.expired", Weight::indeterminate) == "OUT_OF_BOUNDS_NO_POE");
    CHECK(name("certificate.revoked") == "REVOKED");
    CHECK(name("certificate.revoked", Weight::indeterminate) == "REVOKED_NO_POE");
}

TEST_CASE("what decides nothing has no sub-indication") {
    CHECK(name("certificate.revoked-later", Weight::warning) == "");
    CHECK(name("timestamp.absent", Weight::info) == "");
    CHECK(name("timestamp.absent", Weight::indeterminate) == "NO_POE");
}

TEST_CASE("every fault of a time-stamp has one") {
    for (int number = 0; number <= static_cast<int>(TimestampFault::algorithm_expired); ++number) {
        const auto fault = static_cast<TimestampFault>(number);
        CAPTURE(name_of(fault));
        CHECK(name("timestamp." + std::string(name_of(fault)), weight_of(fault)) != "");
    }
}

TEST_CASE("that of the verdict is the first one among the heaviest") {
    Findings findings;
    CHECK(sub_indication_of(findings) == "");
    findings.add("certificate.revoked-later", Layer::identity, Weight::warning, "");
    CHECK(sub_indication_of(findings) == "");
    findings.add("certificate.no-chain", Layer::identity, Weight::indeterminate, "");
    findings.add("certificate.expired", Layer::identity, Weight::indeterminate, "");
    CHECK(sub_indication_of(findings) == "NO_CERTIFICATE_CHAIN_FOUND");
    findings.add("zip.gap", Layer::structure, Weight::failed, "");
    CHECK(sub_indication_of(findings) == "");
    findings.add("signature.invalid", Layer::signature, Weight::failed, "");
    CHECK(sub_indication_of(findings) == "SIG_CRYPTO_FAILURE");
}
