#include "signature/revocation_list.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "test_errors.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

RevocationList list(const std::string& name) {
    return load_revocation_lists(test_pki().path(name)).front();
}

}  // namespace

TEST_CASE("a list says whose it is, from when until when, and whom it names") {
    const RevocationList crl = list("crl.pem");
    CHECK(crl.issuer() == "CN=intermediate,O=Test Agency,C=VN");
    CHECK(crl.this_update() == *parse_utc("2024-01-02T00:00:00.000Z"));
    CHECK(crl.next_update() == *parse_utc("2049-12-31T23:59:59.000Z"));
    CHECK(crl.is_signed_by(test_pki().certificate("intermediate")));
    CHECK_FALSE(crl.is_signed_by(test_pki().certificate("root")));
    CHECK(crl.revoked_since(test_pki().certificate("revoked")) ==
          *parse_utc("2024-01-01T00:00:00.000Z"));
    CHECK_FALSE(crl.revoked_since(test_pki().certificate("good-ec")));
    CHECK_FALSE(list("root-crl.pem").revoked_since(test_pki().certificate("revoked")));
    CHECK(RevocationList::from_der(crl.der(), "again") == crl);
}

TEST_CASE("what is no list is none") {
    Bytes longer = list("crl.pem").der();
    longer.push_back(0);
    CHECK(kind_of_error([&] { RevocationList::from_der(longer, "x"); }) == ErrorKind::crypto);
    CHECK(kind_of_error([&] { parse_revocation_list(longer, "x"); }) == ErrorKind::malformed);
    CHECK(kind_of_error([&] { parse_revocation_list(as_bytes("<html>"), "x"); }) ==
          ErrorKind::malformed);
    const std::string pem = test_pki().text("crl.pem");
    CHECK(parse_revocation_list(as_bytes(pem), "x") == list("crl.pem"));
    CHECK(kind_of_error([&] { parse_revocation_list(as_bytes(pem + pem), "x"); }) ==
          ErrorKind::malformed);
}

TEST_CASE("distribution points are those over HTTP") {
    CHECK(distribution_points(test_pki().certificate("good-ec")).empty());
    const TemporaryFolder folder;
    REQUIRE(shell("cd " + folder.path().native() +
                  " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout"
                  " k -out c -days 9 -subj /CN=x -addext 'crlDistributionPoints="
                  "URI:ldap://a/b,URI:http://a/crl,URI:https://b/crl'") == 0);
    CHECK(distribution_points(load_certificates(folder / "c").front()) ==
          std::vector<std::string>{"http://a/crl", "https://b/crl"});
}

TEST_CASE("a certificate is revoked from the earlier of its two dates on") {
    const auto since = [](const std::string& invalid) {
        const TemporaryFolder folder;
        const std::string pki = test_pki().path("").native();
        const std::string ca = "openssl ca -config cnf -keyfile " + pki +
                               "intermediate.key -cert " + pki + "intermediate.pem ";
        // The fields of openssl's index: status, expiry, revocation with reason, serial, name.
        REQUIRE(shell("cd " + folder.path().native() +
                      " && printf '[ca]\\ndefault_ca=a\\n[a]\\ndatabase=i\\ndefault_md=sha256\\n' "
                      "> cnf && serial=$(openssl x509 -in " +
                      pki +
                      "revoked.pem -noout -serial | cut -d= -f2)"
                      " && printf 'R\\t491231235959Z\\t240101000000Z,keyTime," +
                      invalid + "\\t%s\\tunknown\\t/CN=x\\n' $serial > i && " + ca +
                      "-gencrl -crldays 9 -out list.pem") == 0);
        return load_revocation_lists(folder / "list.pem")
            .front()
            .revoked_since(test_pki().certificate("revoked"));
    };
    CHECK(since("20230601000000Z") == *parse_utc("2023-06-01T00:00:00.000Z"));
    CHECK(since("20300101000000Z") == *parse_utc("2024-01-01T00:00:00.000Z"));
}
