#include "digest/digest.h"

#include <doctest/doctest.h>

#include <thread>

#include "base/error.h"
#include "base/hex.h"

namespace evidence {
namespace {

struct KnownAnswer {
    Algorithm algorithm;
    const char* of_nothing;
    const char* of_abc;
    const char* of_million_a;
};

// FIPS 180-4 and 202, RFC 1321 and 7693 examples; the long message by `openssl dgst`.
const KnownAnswer known_answers[] = {
    {Algorithm::md5, "d41d8cd98f00b204e9800998ecf8427e", "900150983cd24fb0d6963f7d28e17f72",
     "7707d6ae4e027c70eea2a935c2296f21"},
    {Algorithm::sha1, "da39a3ee5e6b4b0d3255bfef95601890afd80709",
     "a9993e364706816aba3e25717850c26c9cd0d89d", "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
    {Algorithm::sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
     "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
     "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
    {Algorithm::sha384,
     "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f148"
     "98b95b",
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134"
     "c825a7",
     "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b07b8b3dc38ecc4ebae97ddd87f"
     "3d8985"},
    {Algorithm::sha512,
     "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d287"
     "7eec2f63b931bd47417a81a538327af927da3e",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3"
     "feebbd454d4423643ce80e2a9ac94fa54ca49f",
     "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce5"
     "77c31beb009c5c2c49aa2e4eadb217ad8cc09b"},
    {Algorithm::sha3_256, "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a",
     "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532",
     "5c8875ae474a3634ba4fd55ec85bffd661f32aca75c6d699d0cdcb6c115891c1"},
    {Algorithm::blake2b512,
     "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419d25e1031afee585313896444934"
     "eb04b903a685b1448b755d56f701afe9be2ce",
     "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de45"
     "33cc9518d38aa8dbf1925ab92386edd4009923",
     "98fb3efb7206fd19ebf69b6f312cf7b64e3b94dbe1a17107913975a793f177e1d077609d7fba363cbba00d05f7"
     "aa4e4fa8715d6428104c0a75643b0ff3fd3eaf"},
};

std::vector<Algorithm> every_algorithm() { return {all_algorithms.begin(), all_algorithms.end()}; }

}  // namespace

TEST_CASE("every algorithm gives its published answers") {
    const std::string million(1'000'000, 'a');
    for (const KnownAnswer& known : known_answers) {
        CAPTURE(name_of(known.algorithm));
        Hasher hasher(known.algorithm);
        CHECK(to_hex(hasher.finish()) == known.of_nothing);
        hasher.update(as_bytes("abc"));
        CHECK(to_hex(hasher.finish()) == known.of_abc);
        hasher.update(as_bytes(million));
        CHECK(to_hex(hasher.finish()) == known.of_million_a);
        CHECK(digest_bytes(known.algorithm) * 2 == std::string_view(known.of_abc).size());
    }
}

TEST_CASE("a finished hasher starts anew") {
    Hasher hasher(Algorithm::sha256);
    hasher.update(as_bytes("something else"));
    hasher.finish_sha256();
    hasher.update(as_bytes("abc"));
    CHECK(hasher.finish_sha256() == sha256("abc"));
}

TEST_CASE("one pass gives what single passes give, in any cut") {
    const std::string message(100'003, 'x');
    MultiHasher multi(every_algorithm());
    for (std::size_t at = 0, step = 0; at < message.size(); at += step, step = step * 2 + 1) {
        multi.update(as_bytes(std::string_view(message).substr(at, step)));
    }
    const DigestSet digests = multi.finish();
    CHECK(digests.size() == all_algorithms.size());
    for (const auto& [algorithm, value] : digests) {
        Hasher single(algorithm);
        single.update(as_bytes(message));
        CHECK(to_hex(single.finish()) == value);
    }
}

TEST_CASE("threads hash independently") {
    const std::string first(300'000, '1'), second(300'000, '2');
    Sha256 first_digest{}, second_digest{};
    std::thread other([&] { first_digest = sha256(first); });
    second_digest = sha256(second);
    other.join();
    CHECK(first_digest == sha256(first));
    CHECK(second_digest == sha256(second));
    CHECK(first_digest != second_digest);
}

TEST_CASE("digest sets make the JSON object of our documents and come back") {
    MultiHasher multi(every_algorithm());
    multi.update(as_bytes("abc"));
    const DigestSet digests = multi.finish();
    const Json json = to_json(digests);
    CHECK(digest_set_from_json(json, "test") == digests);
    CHECK(canonical(to_json({{Algorithm::md5, "00"}, {Algorithm::blake2b512, "11"}})) ==
          R"({"blake2b512":"11","md5":"00"})");
}

TEST_CASE("digest sets of hostile documents are refused") {
    const std::string good = sha256_hex("abc");
    const std::string upper = "BA" + good.substr(2);
    const std::pair<const char*, Json> cases[] = {
        {"sha256 missing", Json::object({{"md5", "900150983cd24fb0d6963f7d28e17f72"}})},
        {"nothing", Json::object({})},
        {"unknown", Json::object({{"sha256", good}, {"md6", "00"}})},
        {"short", Json::object({{"sha256", good.substr(2)}})},
        {"long", Json::object({{"sha256", good + "00"}})},
        {"upper case", Json::object({{"sha256", upper}})},
        {"not hex", Json::object({{"sha256", "zz" + good.substr(2)}})},
        {"not text", Json::object({{"sha256", 1}})},
        {"no object", Json(good)},
    };
    for (const auto& [what, json] : cases) {
        CAPTURE(what);
        try {
            digest_set_from_json(json, "here");
            FAIL("accepted");
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::malformed);
        }
    }
}

}  // namespace evidence
