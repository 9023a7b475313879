#include "digest/fused_digest.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "base/hex.h"
#include "digest/digest_groups.h"

using namespace evidence;

namespace {

const std::vector<std::vector<Algorithm>> choices = {
    {Algorithm::md5, Algorithm::sha1, Algorithm::sha256},
    {Algorithm::md5, Algorithm::sha256},
    {Algorithm::sha1, Algorithm::sha256},
    {Algorithm::md5, Algorithm::sha1},
    {Algorithm::sha256}};

DigestSet by_openssl(const std::vector<Algorithm>& algorithms, ByteView bytes) {
    DigestSet digests;
    for (const Algorithm algorithm : algorithms) {
        Hasher hasher(algorithm);
        hasher.update(bytes);
        digests[algorithm] = to_hex(hasher.finish());
    }
    return digests;
}

}  // namespace

TEST_CASE("fused digests are those of OpenSSL, for any length and any cuts") {
    if (!FusedHasher::works_here()) {
        MESSAGE("skipped: this processor has no SHA extensions");
        return;
    }
    std::mt19937_64 numbers(7);
    Bytes message(5000);
    for (std::uint8_t& byte : message) byte = static_cast<std::uint8_t>(numbers());
    for (const std::vector<Algorithm>& algorithms : choices) {
        FusedHasher fused(algorithms);
        for (int round = 0; round < 400; ++round) {
            const std::size_t size =
                round < 200 ? static_cast<std::size_t>(round) : numbers() % (message.size() + 1);
            CAPTURE(size);
            ByteView rest = ByteView(message).first(size);
            while (!rest.empty()) {
                const std::size_t part = std::min<std::size_t>(rest.size(), numbers() % 300);
                fused.update(rest.first(part));
                rest = rest.subspan(part);
            }
            CHECK(fused.finish() == by_openssl(algorithms, ByteView(message).first(size)));
        }
    }
}

TEST_CASE("a million times a has the digests of the standards") {
    if (!FusedHasher::works_here()) return;
    FusedHasher fused(choices[0]);
    const Bytes thousand(1000, 'a');
    for (int i = 0; i < 1000; ++i) fused.update(thousand);
    const DigestSet digests = fused.finish();
    CHECK(digests.at(Algorithm::md5) == "7707d6ae4e027c70eea2a935c2296f21");
    CHECK(digests.at(Algorithm::sha1) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
    CHECK(digests.at(Algorithm::sha256) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("every algorithm asked for is in exactly one group") {
    const std::vector<Algorithm> all = {Algorithm::sha512, Algorithm::sha256, Algorithm::md5,
                                        Algorithm::sha3_256, Algorithm::sha1};
    std::vector<Algorithm> found;
    for (const std::vector<Algorithm>& group : digest_groups(all)) {
        CHECK_FALSE(group.empty());
        found.insert(found.end(), group.begin(), group.end());
    }
    std::vector<Algorithm> sorted = all;
    std::sort(sorted.begin(), sorted.end());
    std::sort(found.begin(), found.end());
    CHECK(found == sorted);
    CHECK(digest_groups({Algorithm::md5}).size() == 1);
    CHECK(digest_groups({}).empty());
}

TEST_CASE("several algorithms at once give what each gives alone, twice") {
    const std::vector<Algorithm> all = {Algorithm::sha512, Algorithm::sha256, Algorithm::md5,
                                        Algorithm::sha1};
    MultiHasher hasher(all);
    const Bytes message(200000, 'x');
    for (int i = 0; i < 2; ++i) {
        hasher.update(message);
        CHECK(hasher.finish() == by_openssl(all, message));
    }
}
