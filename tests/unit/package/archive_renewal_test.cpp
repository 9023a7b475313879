#include "package/archive_renewal.h"

#include "base/error.h"
#include "package/manifests.h"
#include "package/zip_reader.h"
#include "seal_fixture.h"
#include "test_errors.h"
#include "test_tsa.h"

using namespace evidence;
using namespace evidence::test;

namespace {

struct Stamped {
    SealFixture fixture;
    TestTsa tsa;
    TrustStore authorities;
    const fs::path path = fixture.folder / "package.asice";

    explicit Stamped(TimestampPolicy policy = TimestampPolicy::later) {
        fixture.add_image("DISK-1", "bytes");
        SealRequest request;
        request.timestamp = policy;
        write_new_file(path, as_bytes(fixture.seal(request).bytes));
        authorities.add_anchors(test_pki().path("root.pem"));
    }
    UtcTime sealed_at() const { return fixture.context.clock.time; }
    void stamp() const {
        std::vector<Bytes> tokens;
        for (const PendingTimestamp& pending : pending_time_stamps(path)) {
            tokens.push_back(tsa.token_at(as_bytes(pending.manifest), sealed_at()));
        }
        attach_time_stamps(path, tokens, {"one", "two"}, &authorities);
    }
    PendingArchive pending(Algorithm algorithm = Algorithm::sha256) {
        return pending_archive_time_stamp(path, algorithm, fixture.context);
    }
    std::optional<ErrorKind> refusal() {
        return kind_of_error([&] { pending(); });
    }
    TimestampFacts renew(UtcTime at, Algorithm algorithm = Algorithm::sha256) {
        const PendingArchive next = pending(algorithm);
        return attach_archive_time_stamp(
            path, next, tsa.token_at(as_bytes(next.time_stamp.manifest), at, "tsa", algorithm),
            &authorities, "the test");
    }
    std::string bytes() const { return read_small_file(path, 16 * mib); }
    std::vector<std::string> last_names(std::size_t count) const {
        Findings findings;
        const ZipStructure zip = read_zip_structure(File::open_read(path), findings);
        CHECK(findings.all().empty());
        std::vector<std::string> names;
        for (std::size_t i = zip.entries.size() - count; i < zip.entries.size(); ++i) {
            names.push_back(zip.entries[i].name);
        }
        return names;
    }
    std::uint64_t directory_offset() const {
        Findings findings;
        return read_zip_structure(File::open_read(path), findings).directory_offset;
    }
};

UtcTime later(UtcTime time, std::int64_t days) {
    return {time.milliseconds + days * 24 * 3600 * 1000};
}

}  // namespace

TEST_CASE("renewals stand behind what was there, which stays as it was") {
    Stamped package;
    package.stamp();
    for (const unsigned number : {5u, 6u}) {
        const std::string before = package.bytes();
        const std::uint64_t directory = package.directory_offset();
        package.renew(later(package.sealed_at(), 300 * number),
                      number == 5 ? Algorithm::sha256 : Algorithm::sha512);
        CHECK(package.bytes().substr(0, directory) == before.substr(0, directory));
    }
    CHECK(package.last_names(4) == std::vector<std::string>{"META-INF/ASiCArchiveManifest005.xml",
                                                            "META-INF/timestamp005.tst",
                                                            "META-INF/ASiCArchiveManifest006.xml",
                                                            "META-INF/timestamp006.tst"});
}

TEST_CASE("what is renewed is every file before, by the algorithm asked for") {
    Stamped package;
    package.stamp();
    const std::string manifest = package.pending(Algorithm::sha384).time_stamp.manifest;
    for (const char* name : {"mimetype", "data/000001.img", "META-INF/timestamp004.tst"}) {
        CHECK(manifest.find("URI=\"" + std::string(name) + "\"") != std::string::npos);
    }
    CHECK(manifest.find("xmldsig-more#sha384") != std::string::npos);
    CHECK(manifest.find("xmlenc#sha256") == std::string::npos);
    CHECK(kind_of_error([&] { package.pending(Algorithm::sha1); }) == ErrorKind::usage);
}

TEST_CASE("without time-stamps, or without room for any, there is nothing to renew") {
    Stamped package;
    CHECK(package.refusal() == ErrorKind::refused);
    package.stamp();
    CHECK(package.refusal() == std::nullopt);
    Stamped bare(TimestampPolicy::none);
    CHECK(bare.refusal() == ErrorKind::refused);
}

TEST_CASE("a package that changed since it was sealed is not renewed") {
    Stamped package;
    package.stamp();
    // The directory agrees with the changed byte, only the manifest does not.
    std::string bytes = package.bytes();
    const std::size_t place = bytes.find("Bag-Software-Agent");
    REQUIRE(place != std::string::npos);
    bytes[place] = 'b';
    fs::remove(package.path);
    write_new_file(package.path, as_bytes(bytes));
    CHECK(package.refusal() == ErrorKind::refused);
}

TEST_CASE("a token that does not hold, or is too old, changes nothing") {
    Stamped package;
    package.stamp();
    const std::string before = package.bytes();
    const PendingArchive next = package.pending();
    const auto attach = [&](const Bytes& token) {
        return kind_of_error([&] {
            attach_archive_time_stamp(package.path, next, token, &package.authorities, "x");
        });
    };
    CHECK(attach(package.tsa.token_at(as_bytes("else"), package.sealed_at())) ==
          ErrorKind::refused);
    const ByteView manifest = as_bytes(next.time_stamp.manifest);
    CHECK(attach(package.tsa.token_at(manifest, package.sealed_at(), "tsa-untrusted")) ==
          ErrorKind::refused);
    CHECK(attach(package.tsa.token_at(manifest, later(package.sealed_at(), -1))) ==
          ErrorKind::refused);
    CHECK(package.bytes() == before);
    CHECK(attach(package.tsa.token_at(manifest, package.sealed_at())) == std::nullopt);
}
