#include "digest/algorithm.h"

#include <doctest/doctest.h>

#include "base/error.h"

namespace evidence {

TEST_CASE("every algorithm is found by its own name") {
    for (Algorithm algorithm : all_algorithms) {
        CHECK(algorithm_named(name_of(algorithm)) == algorithm);
    }
    CHECK(name_of(Algorithm::sha3_256) == "sha3-256");
    CHECK(name_of(Algorithm::blake2b512) == "blake2b512");
}

TEST_CASE("names are exact") {
    for (const char* name : {"", "SHA256", "sha-256", "sha2", " sha256", "sha256 ", "blake3"}) {
        CHECK_FALSE(algorithm_named(name));
    }
}

TEST_CASE("a list keeps its order and drops repeats") {
    const std::vector<Algorithm> expected = {Algorithm::sha512, Algorithm::md5, Algorithm::sha256};
    CHECK(parse_algorithm_list("sha512,md5,sha512,sha256,md5") == expected);
    CHECK(parse_algorithm_list("sha1") == std::vector{Algorithm::sha1});
}

TEST_CASE("a list with an unknown or empty name is a usage error that shows the choice") {
    for (const char* list : {"", ",", "md5,", ",md5", "md5,,sha1", "md5 ,sha1", "md6", "MD5"}) {
        CAPTURE(list);
        try {
            parse_algorithm_list(list);
            FAIL("accepted");
        } catch (const Error& error) {
            CHECK(error.kind() == ErrorKind::usage);
            CHECK(error.message().find("md5,sha1,sha256,sha384,sha512,sha3-256,blake2b512") !=
                  std::string::npos);
        }
    }
}

}  // namespace evidence
