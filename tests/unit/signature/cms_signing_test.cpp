#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "signature/cms_signature.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const UtcTime at{1'763'776'538'001};  // 2025-11-22T01:55:38.001Z
const std::string content = "<manifest/>\n";

// The stock command of the format page, with the time of signing.
int stock_verify(const Bytes& signature, const std::string& signed_content) {
    const TemporaryFolder folder;
    write_new_file(folder / "s.p7s", signature);
    write_new_file(folder / "content", as_bytes(signed_content));
    return shell("cd " + folder.path().native() +
                 " && openssl cms -verify -cades -binary -inform DER -no-CApath -no-CAstore"
                 " -CAfile " +
                 test_pki().path("root.pem").native() +
                 " -in s.p7s -content content -out /dev/null");
}

}  // namespace

TEST_CASE("every allowed key makes signatures that openssl and we accept") {
    for (const char* name : {"good-ec", "good-ec384", "good-rsa", "good-rsa-pss"}) {
        CAPTURE(name);
        const SigningIdentity identity = test_pki().identity(name);
        const Bytes signature = sign_detached(as_bytes(content), identity, at);
        CHECK(stock_verify(signature, content) == 0);
        CHECK(stock_verify(signature, content + "x") != 0);

        const DetachedSignature checked = check_detached(signature, as_bytes(content), "s");
        CHECK(checked.findings.all().empty());
        REQUIRE(checked.signer);
        CHECK(*checked.signer == identity.certificate);
        REQUIRE(checked.intermediates.size() == 1);
        CHECK(checked.intermediates.front() == test_pki().certificate("intermediate"));
        CHECK(checked.time_stamp.empty());
    }
}

TEST_CASE("signing-time is the given one rounded up to the second") {
    const SigningIdentity identity = test_pki().identity("good-ec");
    for (const auto& [given, said] :
         {std::pair{at, "2025-11-22T01:55:39.000Z"},
          std::pair{UtcTime{1'763'776'538'000}, "2025-11-22T01:55:38.000Z"},
          std::pair{UtcTime{2'524'608'000'000}, "2050-01-01T00:00:00.000Z"}}) {
        const Bytes signature = sign_detached(as_bytes(content), identity, given);
        const DetachedSignature checked = check_detached(signature, as_bytes(content), "s");
        REQUIRE(checked.signing_time);
        CHECK(format_utc(*checked.signing_time) == said);
    }
}

TEST_CASE("empty content can be signed") {
    const Bytes signature = sign_detached({}, test_pki().identity("good-ec"), at);
    CHECK(stock_verify(signature, "") == 0);
    CHECK(check_detached(signature, {}, "s").findings.all().empty());
}

TEST_CASE("a self-signed signer is its own chain") {
    const SigningIdentity identity = test_pki().identity("self-signed");
    const Bytes signature = sign_detached(as_bytes(content), identity, at);
    const DetachedSignature checked = check_detached(signature, as_bytes(content), "s");
    CHECK(checked.findings.all().empty());
    CHECK(checked.intermediates.empty());
}

TEST_CASE("a key we would not accept signs nothing") {
    for (const char* name : {"weak-rsa", "ed25519"}) {
        CAPTURE(name);
        CHECK_THROWS_AS(sign_detached(as_bytes(content), test_pki().identity(name), at), Error);
    }
}
