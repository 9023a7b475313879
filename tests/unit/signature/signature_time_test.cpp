#include "signature/signature_time.h"

#include "test_tsa.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const UtcTime signed_at = *parse_utc("2025-06-01T12:00:00.000Z");
const UtcTime now = *parse_utc("2025-06-02T12:00:00.000Z");

UtcTime minutes_later(UtcTime time, std::int64_t minutes) {
    return {time.milliseconds + minutes * 60'000};
}

struct Signed {
    const Bytes file = sign_detached(as_bytes("x"), test_pki().identity("good-ec"), signed_at);
    const DetachedSignature signature = check_detached(file, as_bytes("x"), "s");
    TestTsa tsa;
    TrustStore authorities;

    Signed() { authorities.add_anchors(test_pki().path("root.pem")); }
    SignatureTime check(const Bytes& token) const {
        return check_signature_time(token, file, signature, authorities, now, "s.tst");
    }
    // The one code that weighs; "" for none.
    std::string code(const Bytes& token) const {
        const SignatureTime time = check(token);
        std::string codes;
        for (const Finding& finding : time.findings.all()) {
            if (finding.weight != Weight::info) codes += finding.code;
        }
        CHECK(time.proven.has_value() == codes.empty());
        return codes;
    }
};

}  // namespace

TEST_CASE("a token over the signature file proves it") {
    const Signed made;
    const UtcTime at = minutes_later(signed_at, 1);
    const SignatureTime time = made.check(made.tsa.token_at(made.file, at));
    REQUIRE(time.proven);
    CHECK(time.proven->time == at);
    REQUIRE(time.findings.all().size() == 1);
    CHECK(time.findings.all().front().code == "timestamp.valid");
    CHECK(time.findings.all().front().where == "s.tst");
}

TEST_CASE("other tokens prove nothing, and the reason is told") {
    const Signed made;
    CHECK(made.code(made.tsa.token_at(as_bytes("x"), signed_at)) == "timestamp.wrong-content");
    CHECK(made.code(made.tsa.token_at(made.file, signed_at, "tsa-untrusted")) ==
          "timestamp.no-chain");
    CHECK(made.code(Bytes{1, 2, 3}) == "timestamp.malformed");
}

TEST_CASE("a token is neither from the future nor older than what it is about") {
    const Signed made;
    CHECK(made.code(made.tsa.token_at(made.file, minutes_later(now, 4))) == "");
    CHECK(made.code(made.tsa.token_at(made.file, minutes_later(now, 6))) == "time.inconsistent");
    CHECK(made.code(made.tsa.token_at(made.file, minutes_later(signed_at, -4))) == "");
    CHECK(made.code(made.tsa.token_at(made.file, minutes_later(signed_at, -6))) ==
          "time.inconsistent");
}
