#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "base/hex.h"
#include "signature/envelope.h"
#include "test_errors.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

EnvelopeSecret make_secret() {
    EnvelopeSecret secret{};
    CountingRandom().fill(secret);
    return secret;
}
const EnvelopeSecret secret = make_secret();
const EnvelopeKeyId key_id = {0x5c, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

Bytes some_bytes(std::size_t size) {
    Bytes bytes(size);
    CountingRandom().fill(bytes);
    return bytes;
}

const std::string secret_options =
    " -secretkey " + to_hex(secret) + " -secretkeyid " + to_hex(key_id);

}  // namespace

TEST_CASE("a part opens again, at every size where lengths change their form") {
    for (const std::size_t size :
         {0u, 1u, 15u, 16u, 17u, 127u, 128u, 255u, 256u, 65'535u, 65'536u, 1'000'000u}) {
        CAPTURE(size);
        const Bytes plain = some_bytes(size);
        const Bytes message = encrypt_with_secret(plain, secret, key_id);
        CHECK(message.size() <= size + envelope_overhead_bytes(1));
        CHECK(decrypt_with_secret(message, secret, key_id, "part") == plain);
    }
}

TEST_CASE("openssl opens our parts") {
    for (const std::size_t size : {0u, 1u, 100u, 200u, 70'000u}) {
        CAPTURE(size);
        const TemporaryFolder folder;
        const Bytes plain = some_bytes(size);
        write_new_file(folder / "plain", plain);
        write_new_file(folder / "part", encrypt_with_secret(plain, secret, key_id));
        CHECK(shell("cd " + folder.path().native() +
                    " && openssl cms -decrypt -inform DER -binary -in part -out opened" +
                    secret_options + " && cmp opened plain") == 0);
    }
}

TEST_CASE("we open parts that openssl makes") {
    const TemporaryFolder folder;
    const Bytes plain = some_bytes(70'000);
    write_new_file(folder / "plain", plain);
    REQUIRE(shell("cd " + folder.path().native() +
                  " && openssl cms -encrypt -binary -aes-256-gcm -outform DER -in plain -out part" +
                  secret_options) == 0);
    const std::string message = read_small_file(folder / "part", mib);
    CHECK(decrypt_with_secret(as_bytes(message), secret, key_id, "part") == plain);
}

TEST_CASE("every altered byte of a part is noticed") {
    const Bytes message = encrypt_with_secret(some_bytes(100), secret, key_id);
    for (std::size_t i = 0; i < message.size(); ++i) {
        for (const unsigned mask : {0x01u, 0x80u, 0xFFu}) {
            Bytes altered = message;
            altered[i] = static_cast<std::uint8_t>(altered[i] ^ mask);
            CHECK_THROWS_AS(decrypt_with_secret(altered, secret, key_id, "part"), Error);
        }
    }
}

TEST_CASE("every cut and every addition is malformed") {
    const Bytes message = encrypt_with_secret(some_bytes(20), secret, key_id);
    for (std::size_t size = 0; size < message.size(); ++size) {
        const ByteView cut = ByteView(message).first(size);
        CHECK(kind_of_error([&] { decrypt_with_secret(cut, secret, key_id, "part"); }) ==
              ErrorKind::malformed);
    }
    Bytes longer = message;
    longer.push_back(0);
    CHECK(kind_of_error([&] { decrypt_with_secret(longer, secret, key_id, "part"); }) ==
          ErrorKind::malformed);
}

TEST_CASE("a part of another transfer and another secret are told apart") {
    const Bytes message = encrypt_with_secret(some_bytes(20), secret, key_id);
    EnvelopeKeyId other_id = key_id;
    other_id[0] ^= 1;
    EnvelopeSecret other_secret = secret;
    other_secret[31] ^= 1;
    CHECK(kind_of_error([&] { decrypt_with_secret(message, secret, other_id, "part"); }) ==
          ErrorKind::crypto);
    CHECK(kind_of_error([&] { decrypt_with_secret(message, other_secret, key_id, "part"); }) ==
          ErrorKind::refused);
}

TEST_CASE("two parts of the same bytes differ") {
    const Bytes plain = some_bytes(20);
    CHECK(encrypt_with_secret(plain, secret, key_id) != encrypt_with_secret(plain, secret, key_id));
}
