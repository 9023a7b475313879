#include "digest/foreign_digest.h"

#include <doctest/doctest.h>

#include "base/hex.h"

using namespace evidence;

namespace {

// FIPS 180-4, FIPS 202 and RFC 7693 give these for "abc".
struct KnownDigest {
    const char* name;
    const char* hex;
};
constexpr KnownDigest known[] = {
    {"md5", "900150983cd24fb0d6963f7d28e17f72"},
    {"sha224", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
    {"sha512224", "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa"},
    {"sha512256", "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"},
    {"sha3224", "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf"},
    {"blake2s256", "508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"},
};

}  // namespace

TEST_CASE("digests of other people's manifests are those of the standards") {
    for (const KnownDigest& each : known) {
        CAPTURE(each.name);
        const auto algorithm = foreign_algorithm_named(each.name);
        REQUIRE(algorithm);
        ForeignHasher hasher(*algorithm);
        for (int round = 0; round < 2; ++round) {  // finish starts anew
            hasher.update(as_bytes("a"));
            hasher.update(as_bytes("bc"));
            const Bytes digest = hasher.finish();
            CHECK(to_hex(digest) == each.hex);
            CHECK(digest.size() == algorithm->digest_bytes);
        }
    }
}

TEST_CASE("names of algorithms are normalised as file names of manifests have them") {
    CHECK(normalised_algorithm_name("SHA-256") == "sha256");
    CHECK(normalised_algorithm_name("sha3-512") == "sha3512");
    CHECK(normalised_algorithm_name("md5") == "md5");
    CHECK(normalised_algorithm_name("-_.") == "");
}

TEST_CASE("an algorithm of ours is known as such, whatever its spelling there") {
    CHECK(foreign_algorithm_named("sha3256")->own == Algorithm::sha3_256);
    CHECK(foreign_algorithm_named("blake2b512")->own == Algorithm::blake2b512);
    CHECK_FALSE(foreign_algorithm_named("sha224")->own);
    CHECK_FALSE(foreign_algorithm_named("crc32"));
    CHECK_FALSE(foreign_algorithm_named("SHA-256"));
    CHECK_FALSE(foreign_algorithm_named(""));
}
