// Which lists go into a signature, and which keep it from being made.
#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "signature/cms_signature.h"
#include "test_errors.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const UtcTime now = *parse_utc("2025-06-01T00:00:00.000Z");

std::vector<RevocationList> lists(const std::vector<std::string>& names) {
    std::vector<RevocationList> all;
    for (const std::string& name : names) {
        for (RevocationList& list : load_revocation_lists(test_pki().path(name))) {
            all.push_back(std::move(list));
        }
    }
    return all;
}

std::size_t chosen(const std::string& signer, const std::vector<std::string>& names,
                   UtcTime at = now) {
    return revocation_lists_for(test_pki().identity(signer), lists(names), at).size();
}

std::string refusal(const std::string& signer, const std::vector<std::string>& names,
                    UtcTime at = now) {
    try {
        chosen(signer, names, at);
    } catch (const Error& error) {
        CHECK(error.kind() == ErrorKind::crypto);
        return error.message();
    }
    return "";
}

}  // namespace

TEST_CASE("the newest list of each issuer goes in, and stock openssl verifies the signature") {
    CHECK(chosen("good-ec", {"crl.pem"}) == 1);
    CHECK(chosen("good-ec", {"crl-old.pem", "crl.pem", "root-crl.pem"}) == 2);
    const TemporaryFolder folder;
    const std::string content = "<manifest/>\n";
    const Bytes signature = sign_detached(as_bytes(content), test_pki().identity("good-ec"), now,
                                          lists({"crl.pem", "root-crl.pem"}));
    const DetachedSignature checked = check_detached(signature, as_bytes(content), "s");
    CHECK(checked.findings.all().empty());
    CHECK(checked.revocation_lists.size() == 2);
    write_new_file(folder / "s.p7s", signature);
    write_new_file(folder / "content", as_bytes(content));
    CHECK(shell("cd " + folder.path().native() +
                " && openssl cms -verify -cades -binary -inform DER -in s.p7s -content content"
                " -no-CApath -no-CAstore -crl_check_all -attime 1748736000 -CAfile " +
                test_pki().path("root.pem").native()) == 0);
}

TEST_CASE("a list that speaks against the signer keeps the signature from being made") {
    CHECK(refusal("revoked", {"crl.pem"}).find("the certificate was revoked") != std::string::npos);
    CHECK(refusal("good-ec", {"crl.pem", "root-crl-later.pem"},
                  *parse_utc("2031-01-01T00:00:00.000Z"))
              .find("an issuer was revoked") != std::string::npos);
}

TEST_CASE("a list that is out of date, from the future or of nobody is refused") {
    CHECK(refusal("good-ec", {"crl-old.pem"}).find("out of date") != std::string::npos);
    CHECK(refusal("good-ec", {"root-crl-later.pem"}).find("in the future") != std::string::npos);
    CHECK(refusal("untrusted", {"crl.pem"}).find("no revocation list of an issuer") !=
          std::string::npos);
    CHECK(refusal("self-signed", {"crl.pem"}).find("no revocation list of an issuer") !=
          std::string::npos);
}

TEST_CASE("a forged list is refused") {
    Bytes forged = lists({"crl.pem"}).front().der();
    forged.back() ^= 0x01;
    CHECK(kind_of_error([&] {
              revocation_lists_for(test_pki().identity("good-ec"),
                                   {RevocationList::from_der(forged, "forged")}, now);
          }) == ErrorKind::crypto);
}
