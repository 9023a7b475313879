#include "signature/timestamp_query.h"

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/hex.h"
#include "test_errors.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const std::string content = "<manifest/>\n";

TimestampQuery query_of(Algorithm algorithm = Algorithm::sha256, const std::string& policy = "") {
    TestContext context;
    return make_timestamp_query(as_bytes(content), algorithm, policy, context.random);
}

}  // namespace

TEST_CASE("openssl reads in a query what was put there") {
    const TemporaryFolder folder;
    write_new_file(folder / "query",
                   encode_timestamp_query(query_of(Algorithm::sha512, "1.2.3.4")));
    REQUIRE(shell("cd " + folder.path().native() +
                  " && openssl ts -query -in query -text -out text") == 0);
    const std::string text = read_small_file(folder / "text", mib);
    CHECK(text.find("Version: 1") != std::string::npos);
    CHECK(text.find("Hash Algorithm: sha512") != std::string::npos);
    CHECK(text.find("Policy OID: 1.2.3.4") != std::string::npos);
    CHECK(text.find("Certificate required: yes") != std::string::npos);
    CHECK(text.find("Nonce: 0x") != std::string::npos);
}

TEST_CASE("a query is read back as it was") {
    for (const Algorithm algorithm : {Algorithm::sha256, Algorithm::sha384, Algorithm::sha512}) {
        for (const std::string policy : {"", "1.3.6.1.4.1.13762.3"}) {
            const TimestampQuery query = query_of(algorithm, policy);
            const TimestampQuery again = parse_timestamp_query(encode_timestamp_query(query));
            CHECK(again.algorithm == algorithm);
            CHECK(again.imprint == query.imprint);
            CHECK(again.policy == policy);
            CHECK(again.nonce == query.nonce);
        }
    }
}

TEST_CASE("nonces have 16 bytes, are positive in the least number of bytes, and differ") {
    TestContext context;
    std::string before;
    for (int i = 0; i < 64; ++i) {
        const TimestampQuery query =
            make_timestamp_query(as_bytes(content), Algorithm::sha256, "", context.random);
        REQUIRE(query.nonce.size() == 16);
        CHECK(query.nonce[0] >= 0x40);
        CHECK(query.nonce[0] < 0x80);
        CHECK(to_hex(query.nonce) != before);
        before = to_hex(query.nonce);
    }
}

TEST_CASE("weak digests and policies that are none are refused") {
    for (const Algorithm algorithm : {Algorithm::md5, Algorithm::sha1, Algorithm::blake2b512}) {
        CHECK(kind_of_error([&] { query_of(algorithm); }) == ErrorKind::usage);
    }
    CHECK(kind_of_error([] { encode_timestamp_query(query_of(Algorithm::sha256, "policy")); }) ==
          ErrorKind::usage);
}

TEST_CASE("a query that is cut or changed in its form is malformed") {
    const Bytes query = encode_timestamp_query(query_of());
    for (std::size_t size = 0; size < query.size(); ++size) {
        CHECK(kind_of_error([&] { parse_timestamp_query(ByteView(query).first(size)); }) ==
              ErrorKind::malformed);
    }
    Bytes longer = query;
    longer.push_back(0);
    CHECK(kind_of_error([&] { parse_timestamp_query(longer); }) == ErrorKind::malformed);
    Bytes other_version = query;
    other_version[4] = 2;
    CHECK(kind_of_error([&] { parse_timestamp_query(other_version); }) == ErrorKind::malformed);
}
