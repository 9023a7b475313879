#include "package/timestamp_attachment.h"

#include "base/error.h"
#include "package/manifests.h"
#include "seal_fixture.h"
#include "test_errors.h"
#include "test_tsa.h"

using namespace evidence;
using namespace evidence::test;

namespace {

struct Waiting {
    SealFixture fixture;
    TestTsa tsa;
    TrustStore authorities;
    const fs::path path = fixture.folder / "package.asice";

    explicit Waiting(TimestampPolicy policy = TimestampPolicy::later) {
        fixture.add_image("DISK-1", "bytes");
        SealRequest request;
        request.timestamp = policy;
        write_new_file(path, as_bytes(fixture.seal(request).bytes));
        authorities.add_anchors(test_pki().path("root.pem"));
    }
    std::vector<Bytes> tokens(const std::string& authority = "tsa") const {
        std::vector<Bytes> made;
        for (const PendingTimestamp& pending : pending_time_stamps(path)) {
            made.push_back(
                tsa.token_at(as_bytes(pending.manifest), fixture.context.clock.time, authority));
        }
        return made;
    }
    std::string bytes() const { return read_small_file(path, 16 * mib); }
    std::optional<ErrorKind> attach(const std::vector<Bytes>& tokens,
                                    const TrustStore* trust = nullptr) const {
        const std::vector<std::string> names(tokens.size(), "a reply");
        return kind_of_error([&] { attach_time_stamps(path, tokens, names, trust); });
    }
};

}  // namespace

TEST_CASE("what is pending is the manifests of the format over both signatures") {
    const Waiting package;
    const std::vector<PendingTimestamp> pending = pending_time_stamps(package.path);
    REQUIRE(pending.size() == 2);
    CHECK(pending[0].manifest_name == "META-INF/ASiCManifest003.xml");
    CHECK(pending[1].token_name == "META-INF/timestamp004.tst");
    CHECK(pending[0].manifest.find("\"META-INF/signature001.p7s\"") != std::string::npos);
    CHECK(pending[1].manifest.find("\"META-INF/ASiCManifest002.xml\"") != std::string::npos);
}

TEST_CASE("tokens are attached in any order, and only once") {
    const Waiting package;
    std::vector<Bytes> tokens = package.tokens();
    std::swap(tokens[0], tokens[1]);
    CHECK(package.attach(tokens, &package.authorities) == std::nullopt);
    CHECK(package.attach(tokens) == ErrorKind::refused);
    CHECK(kind_of_error([&] { pending_time_stamps(package.path); }) == ErrorKind::refused);
}

TEST_CASE("anything but one good token for each changes nothing") {
    const Waiting package;
    const std::string before = package.bytes();
    const std::vector<Bytes> tokens = package.tokens();
    const Bytes other = package.tsa.token(as_bytes("something else"));
    CHECK(package.attach({}) == ErrorKind::refused);
    CHECK(package.attach({tokens[0]}) == ErrorKind::refused);
    CHECK(package.attach({tokens[0], tokens[0]}) == ErrorKind::refused);
    CHECK(package.attach({tokens[0], tokens[0], tokens[1]}) == ErrorKind::refused);
    CHECK(package.attach({tokens[0], other}) == ErrorKind::refused);
    CHECK(package.attach({tokens[0], Bytes{0x30, 0x00}}) == ErrorKind::refused);
    CHECK(package.attach(package.tokens("tsa-untrusted"), &package.authorities) ==
          ErrorKind::refused);
    CHECK(package.bytes() == before);
}

TEST_CASE("a package that was sealed without does not take any") {
    const Waiting package(TimestampPolicy::none);
    CHECK(kind_of_error([&] { pending_time_stamps(package.path); }) == ErrorKind::refused);
}
