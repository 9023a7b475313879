#include <doctest/doctest.h>

#include "signature/certificate.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

TEST_CASE("the path leads from issuer to issuer, in whatever order they are given") {
    const Certificate leaf = test_pki().certificate("good-ec");
    const Certificate intermediate = test_pki().certificate("intermediate");
    const Certificate root = test_pki().certificate("root");
    const Certificate other = test_pki().certificate("other-root");
    CHECK(issuing_path(leaf, {root, other, leaf, intermediate}) ==
          std::vector<Certificate>{intermediate, root});
    CHECK(issuing_path(leaf, {root}).empty());
    CHECK(issuing_path(root, {root, intermediate}).empty());
}

TEST_CASE("a name alone makes no issuer") {
    const TemporaryFolder folder;
    REQUIRE(
        shell("cd " + folder.path().native() +
              " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k"
              " -out c -days 2 -subj '/C=VN/O=Test Agency/CN=intermediate'") == 0);
    const Certificate impostor = load_certificates(folder / "c").front();
    const Certificate leaf = test_pki().certificate("good-ec");
    CHECK(impostor.subject() == test_pki().certificate("intermediate").subject());
    CHECK_FALSE(is_issued_by(leaf, impostor));
    CHECK(is_issued_by(leaf, test_pki().certificate("intermediate")));
    CHECK(issuing_path(leaf, {impostor}).empty());
}
