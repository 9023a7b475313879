#include "signature/raw_signature.h"

#include <doctest/doctest.h>

#include <map>

#include "base/atomic_file.h"
#include "test_errors.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const std::string event = "evidence-event/1\n{\"seq\":0}";

// Name of the identity, its algorithm, and the stock command that checks (-verify) or makes (-sign)
// a signature; KEY and the rest of the line follow the operation.
struct Algorithm {
    const char* identity;
    const char* name;
    const char* options;
};
const Algorithm algorithms[] = {
    {"good-ec", "ecdsa-sha256", "dgst -sha256"},
    {"good-ec384", "ecdsa-sha384", "dgst -sha384"},
    {"good-rsa", "rsa-pss-sha256",
     "dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32"},
};

bool verifies(const std::string& identity, const std::string& algorithm, const std::string& message,
              ByteView signature) {
    return verify_raw(test_pki().certificate(identity), algorithm, as_bytes(message), signature);
}

}  // namespace

TEST_CASE("each key has its algorithm and signs with it") {
    for (const auto& [identity, algorithm] :
         std::map<std::string, std::string>{{"good-ec", "ecdsa-sha256"},
                                            {"good-ec384", "ecdsa-sha384"},
                                            {"good-rsa", "rsa-pss-sha256"},
                                            {"ed25519", "ed25519"}}) {
        CAPTURE(identity);
        const PrivateKey key = test_pki().identity(identity).key;
        CHECK(raw_algorithm(key) == algorithm);
        const Bytes signature = sign_raw(key, as_bytes(event));
        CHECK(verifies(identity, algorithm, event, signature));
        CHECK_FALSE(verifies(identity, algorithm, event + " ", signature));
        for (const char* other :
             {"ecdsa-sha256", "ecdsa-sha384", "rsa-pss-sha256", "ed25519", "", "x"}) {
            if (other != algorithm) CHECK_FALSE(verifies(identity, other, event, signature));
        }
        CHECK_FALSE(verifies("wrong-usage", algorithm, event, signature));
        CHECK_FALSE(verifies(identity, algorithm, event, {}));
    }
}

TEST_CASE("keys below the rules sign nothing and verify nothing") {
    const PrivateKey key = test_pki().identity("weak-rsa").key;
    CHECK(kind_of_error([&] { raw_algorithm(key); }) == ErrorKind::crypto);
    CHECK(kind_of_error([&] { sign_raw(key, as_bytes(event)); }) == ErrorKind::crypto);
    CHECK_FALSE(verifies("weak-rsa", "rsa-pss-sha256", event, Bytes(256)));
}

TEST_CASE("the stock command verifies our signatures") {
    for (const Algorithm& algorithm : algorithms) {
        CAPTURE(algorithm.name);
        const TemporaryFolder folder;
        write_new_file(folder / "event", as_bytes("{\"seq\":0}"));
        write_new_file(folder / "sig",
                       sign_raw(test_pki().identity(algorithm.identity).key, as_bytes(event)));
        const std::string start = "cd " + folder.path().native() + " && openssl x509 -in " +
                                  test_pki().path(algorithm.identity).native() +
                                  ".pem -noout -pubkey > pub.pem && ";
        const std::string check =
            std::string(" | openssl ") + algorithm.options + " -verify pub.pem -signature sig";
        CHECK(shell(start + "(printf 'evidence-event/1\\n'; cat event)" + check) == 0);
        CHECK(shell(start + "(printf 'evidence-event/2\\n'; cat event)" + check) != 0);
    }
}

TEST_CASE("the stock command verifies Ed25519 signatures") {
    const TemporaryFolder folder;
    write_new_file(folder / "message", as_bytes(event));
    write_new_file(folder / "sig", sign_raw(test_pki().identity("ed25519").key, as_bytes(event)));
    CHECK(shell("cd " + folder.path().native() +
                " && openssl pkeyutl -verify -rawin -certin -inkey " +
                test_pki().path("ed25519.pem").native() + " -in message -sigfile sig") == 0);
}

TEST_CASE("we verify what the stock command signs") {
    for (const Algorithm& algorithm : algorithms) {
        CAPTURE(algorithm.name);
        const TemporaryFolder folder;
        write_new_file(folder / "message", as_bytes(event));
        REQUIRE(shell("cd " + folder.path().native() + " && openssl " + algorithm.options +
                      " -sign " + test_pki().path(algorithm.identity).native() +
                      ".key -out sig message") == 0);
        const std::string signature = read_small_file(folder / "sig", mib);
        CHECK(verifies(algorithm.identity, algorithm.name, event, as_bytes(signature)));
    }
}

TEST_CASE("another salt length than 32 is no rsa-pss-sha256") {
    const TemporaryFolder folder;
    write_new_file(folder / "message", as_bytes(event));
    REQUIRE(shell("cd " + folder.path().native() +
                  " && openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20"
                  " -sign " +
                  test_pki().path("good-rsa.key").native() + " -out sig message") == 0);
    const std::string signature = read_small_file(folder / "sig", mib);
    CHECK_FALSE(verifies("good-rsa", "rsa-pss-sha256", event, as_bytes(signature)));
}

TEST_CASE("no altered byte of a signature verifies") {
    const Bytes signature = sign_raw(test_pki().identity("good-ec").key, as_bytes(event));
    for (std::size_t i = 0; i < signature.size(); ++i) {
        Bytes altered = signature;
        altered[i] ^= 0x01;
        CHECK_FALSE(verifies("good-ec", "ecdsa-sha256", event, altered));
    }
    Bytes longer = signature;
    longer.push_back(0);
    CHECK_FALSE(verifies("good-ec", "ecdsa-sha256", event, longer));
}
