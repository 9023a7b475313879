#include "transfer/package_identity.h"

#include "transfer_fixture.h"

using namespace evidence;
using namespace evidence::test;

TEST_CASE("a package is identified by its manifest, and bound to its terms") {
    const TemporaryFolder folder;
    write_small_package(folder / "p.asice");
    Findings findings;
    const PackageIdentity identity =
        identify_package(File::open_read(folder / "p.asice"), findings);
    CHECK(findings.all().empty());
    CHECK(identity.manifest_sha256 == sha256_hex(small_manifest));
    CHECK(identity.terms_sha256 == sha256_hex(small_terms));
}

TEST_CASE("what is no package has no identity") {
    const TemporaryFolder folder;
    write_new_file(folder / "text", as_bytes("not a package"));
    Findings findings;
    const PackageIdentity identity = identify_package(File::open_read(folder / "text"), findings);
    CHECK(findings.has_failure());
    CHECK(identity.manifest_sha256.empty());
    CHECK(identity.terms_sha256.empty());
}
