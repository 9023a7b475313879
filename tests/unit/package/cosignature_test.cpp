#include "package/cosignature.h"

#include "base/error.h"
#include "seal_fixture.h"
#include "test_errors.h"

using namespace evidence;
using namespace evidence::test;

namespace {

struct Cosigned {
    SealFixture fixture;
    SealRequest request;

    explicit Cosigned(std::size_t count) {
        fixture.add_image("A", "a");
        for (std::size_t i = 0; i < count; ++i) {
            request.cosigners.push_back(
                make_identity(fixture.folder, fixture.context, "Officer " + std::to_string(i)));
        }
    }
    ErrorKind failure() {
        return kind_of_error([this] { fixture.seal(request); }).value_or(ErrorKind::io);
    }
};

}  // namespace

TEST_CASE("each co-signer signs a list of his own, announced in their order") {
    Cosigned two(2);
    const SealedBytes sealed = two.fixture.seal(two.request);
    REQUIRE(sealed.facts.cosigned_by.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        const std::string fingerprint = two.request.cosigners[i].certificate.fingerprint();
        CHECK(sealed.facts.cosigned_by[i] == fingerprint);
        CHECK(sealed.bytes.find("Co-signed by " + fingerprint) != std::string::npos);
        CHECK(sealed.bytes.find(cosignature_manifest(i)) != std::string::npos);
        CHECK(sealed.bytes.find(cosignature_name(i)) != std::string::npos);
    }
    CHECK(cosignature_manifest(0) == "META-INF/ASiCManifest101.xml");
    CHECK(cosignature_name(98) == "META-INF/signature199.p7s");
}

TEST_CASE("a package without co-signers says nothing of any") {
    Cosigned none(0);
    const SealedBytes sealed = none.fixture.seal();
    CHECK(sealed.facts.cosigned_by.empty());
    CHECK(sealed.bytes.find("cosigned_by") == std::string::npos);
    CHECK(sealed.bytes.find("Co-signed") == std::string::npos);
}

TEST_CASE("one person is not two") {
    Cosigned same(1);
    same.request.cosigners.push_back(same.fixture.identity);
    CHECK(same.failure() == ErrorKind::refused);
    Cosigned twice(1);
    twice.request.cosigners.push_back(twice.request.cosigners.front());
    CHECK(twice.failure() == ErrorKind::refused);
}

TEST_CASE("another certificate and key under the same name are no other person's") {
    Cosigned same(1);
    same.request.cosigners.push_back(
        make_identity(same.fixture.folder, same.fixture.context, "Officer A"));
    CHECK_FALSE(kind_of_error([&] { same.fixture.seal(same.request); }));
    same.request.cosigners.push_back(
        make_identity(same.fixture.folder, same.fixture.context, "Officer A"));
    CHECK(same.failure() == ErrorKind::refused);
    Cosigned as_sealer(0);
    as_sealer.request.cosigners.push_back(
        make_identity(as_sealer.fixture.folder, as_sealer.fixture.context));
    CHECK(as_sealer.failure() == ErrorKind::refused);
}

TEST_CASE("a co-signer whose certificate is not valid now signs nothing") {
    Cosigned late(1);
    const UtcTime until = late.request.cosigners.front().certificate.not_after();
    CHECK(kind_of_error([&] {
              require_cosigners(late.fixture.identity, late.request.cosigners,
                                {until.milliseconds + 1});
          }) == ErrorKind::crypto);
}

TEST_CASE("there are names for 99 co-signers") {
    Cosigned many(1);
    many.request.cosigners.resize(max_cosigners + 1, many.request.cosigners.front());
    CHECK(many.failure() == ErrorKind::usage);
}

TEST_CASE("a seal is recorded only when its co-signatures hold") {
    Cosigned one(1);
    const SealedBytes sealed = one.fixture.seal(one.request);
    const auto describe = [&](const std::string& bytes) {
        const fs::path path = one.fixture.folder / random_hex_128(one.fixture.context.random);
        write_new_file(path, as_bytes(bytes));
        return describe_package(one.fixture.case_folder, path, one.fixture.context);
    };
    CHECK(describe(sealed.bytes).cosigned_by == sealed.facts.cosigned_by);
    std::string altered = sealed.bytes;
    // Both in the entry and in the directory, where names stand a second time.
    const std::string from = cosignature_name(0), to = "META-INF/signature102.p7s";
    for (std::size_t at = 0; (at = altered.find(from, at)) != altered.npos; at += from.size()) {
        altered.replace(at, from.size(), to);
    }
    CHECK(kind_of_error([&] { describe(altered); }).has_value());
}
