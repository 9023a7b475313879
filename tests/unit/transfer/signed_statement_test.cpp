#include "transfer/signed_statement.h"

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "digest/digest.h"
#include "test_context.h"
#include "test_errors.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const UtcTime now = FixedClock().time;

struct Stored {
    TemporaryFolder folder;
    SigningIdentity identity = test_pki().identity("good-ec");
    SignedStatement statement = sign_statement("{\"a\":1}\n", identity, now);
    fs::path path = folder / "offer.json";

    Stored() { store_statement(folder.path(), StatementKind::offer, statement); }
};

}  // namespace

TEST_CASE("a statement reads back with its signature") {
    const Stored stored;
    CHECK(load_statement(stored.path) == stored.statement);
    const StatementSigner signer = require_signature(stored.statement, stored.path);
    CHECK(signer.certificate == stored.identity.certificate);
    CHECK(stored.statement.document_sha256() == sha256_hex("{\"a\":1}\n"));
}

TEST_CASE("storing the same statement again keeps it, another one is refused") {
    const Stored stored;
    CHECK_NOTHROW(store_statement(stored.folder.path(), StatementKind::offer, stored.statement));
    SignedStatement other = stored.statement;
    other.document = "{\"a\":2}\n";
    CHECK(kind_of_error([&] {
              store_statement(stored.folder.path(), StatementKind::offer, other);
          }) == ErrorKind::exists);
    CHECK(load_statement(stored.path) == stored.statement);
}

TEST_CASE("half a statement is none") {
    const Stored stored;
    fs::remove(stored.folder / "offer.p7s");
    CHECK(kind_of_error([&] { load_statement(stored.path); }) == ErrorKind::refused);
    CHECK(kind_of_error([&] { load_statement(stored.folder / "close.json"); }) ==
          ErrorKind::not_found);
}

TEST_CASE("a statement is bounded in size") {
    const Stored stored;
    write_new_file(stored.folder / "close.json",
                   as_bytes(std::string(statement_max_bytes + 1, ' ')));
    CHECK(kind_of_error([&] { load_statement(stored.folder / "close.json"); }) ==
          ErrorKind::malformed);
}

TEST_CASE("a changed document is told by its signature") {
    Stored stored;
    stored.statement.document = "{\"a\":2}\n";
    CHECK(kind_of_error([&] { require_signature(stored.statement, stored.path); }) ==
          ErrorKind::refused);
    stored.statement.signature = {1, 2, 3};
    CHECK(kind_of_error([&] { require_signature(stored.statement, stored.path); }) ==
          ErrorKind::refused);
}

TEST_CASE("the signer is the one the statement names") {
    const Stored stored;
    const StatementSigner signer = require_signature(stored.statement, stored.path);
    CHECK_NOTHROW(
        require_claimed_signer(signer, stored.identity.certificate.fingerprint(), stored.path));
    CHECK(kind_of_error([&] {
              require_claimed_signer(signer, std::string(64, '0'), stored.path);
          }) == ErrorKind::refused);
}

TEST_CASE("trust is asked for only when an anchor is given") {
    const Stored stored;
    const StatementSigner signer = require_signature(stored.statement, stored.path);
    TrustStore none, right, wrong;
    right.add_anchors(test_pki().path("root.pem"));
    wrong.add_anchors(test_pki().path("other-root.pem"));
    CHECK_NOTHROW(require_trusted(signer, none, now, stored.path));
    CHECK_NOTHROW(require_trusted(signer, right, now, stored.path));
    CHECK(kind_of_error([&] { require_trusted(signer, wrong, now, stored.path); }) ==
          ErrorKind::refused);
}

TEST_CASE("an expected signer is named or vouched for by an anchor") {
    const Stored stored;
    const StatementSigner signer = require_signature(stored.statement, stored.path);
    TrustStore none, right;
    right.add_anchors(test_pki().path("root.pem"));
    const std::string fingerprint = stored.identity.certificate.fingerprint();
    CHECK(is_expected_signer(signer, {std::string(64, '0'), fingerprint}, none, now));
    CHECK_FALSE(is_expected_signer(signer, {std::string(64, '0')}, none, now));
    CHECK(is_expected_signer(signer, {}, right, now));
}
