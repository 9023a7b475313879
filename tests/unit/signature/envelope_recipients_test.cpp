#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "signature/envelope.h"
#include "test_errors.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const std::string secret_text = "evidence-key/1\nsomething to keep\n";

Bytes open_as(const std::string& name, const Bytes& message) {
    return decrypt_with_key(message, test_pki().identity(name).key, test_pki().certificate(name),
                            "key.p7m");
}

std::string pki(const std::string& name) { return test_pki().path(name).native(); }

}  // namespace

TEST_CASE("each of several recipients opens a message, others do not") {
    const std::vector<Certificate> recipients = {test_pki().certificate("recipient-ec"),
                                                 test_pki().certificate("recipient-rsa")};
    const Bytes message = encrypt_to_recipients(as_bytes(secret_text), recipients);
    CHECK(message.size() <= secret_text.size() + envelope_overhead_bytes(2));
    for (const char* name : {"recipient-ec", "recipient-rsa"}) {
        CAPTURE(name);
        CHECK(as_text(open_as(name, message)) == secret_text);
    }
    CHECK(kind_of_error([&] { open_as("good-ec", message); }) == ErrorKind::crypto);
}

TEST_CASE("openssl opens our messages and finds OAEP with SHA-256 and a SHA-256 KDF") {
    const TemporaryFolder folder;
    const std::vector<Certificate> recipients = {test_pki().certificate("recipient-ec"),
                                                 test_pki().certificate("recipient-rsa")};
    write_new_file(folder / "m", encrypt_to_recipients(as_bytes(secret_text), recipients));
    write_new_file(folder / "plain", as_bytes(secret_text));
    for (const char* name : {"recipient-ec", "recipient-rsa"}) {
        CAPTURE(name);
        CHECK(shell("cd " + folder.path().native() + " && openssl cms -decrypt -inform DER -in m" +
                    " -recip " + pki(std::string(name) + ".pem") + " -inkey " +
                    pki(std::string(name) + ".key") + " | cmp - plain") == 0);
    }
    const std::string print =
        "cd " + folder.path().native() + " && openssl cms -cmsout -print -inform DER -in m | ";
    CHECK(shell(print + "grep -q 'id-smime-ct-authEnvelopedData'") == 0);
    CHECK(shell(print + "grep -q 'algorithm: rsaesOaep'") == 0);
    CHECK(shell(print + "grep -q 'algorithm: dhSinglePass-stdDH-sha256kdf-scheme'") == 0);
    CHECK(shell(print + "grep -q 'algorithm: aes-256-gcm'") == 0);
    CHECK(shell(print + "grep -qi 'sha1'") == 1);
}

TEST_CASE("we open what openssl encrypts") {
    const TemporaryFolder folder;
    write_new_file(folder / "plain", as_bytes(secret_text));
    for (const std::string name : {"recipient-ec", "recipient-rsa"}) {
        CAPTURE(name);
        const std::string options =
            name == "recipient-ec" ? " -keyopt ecdh_kdf_md:sha256"
                                   : " -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256";
        REQUIRE(shell("cd " + folder.path().native() +
                      " && openssl cms -encrypt -binary -aes-256-gcm -outform DER -in plain -out " +
                      name + " -recip " + pki(name + ".pem") + options) == 0);
        const std::string message = read_small_file(folder / name, mib);
        CHECK(as_text(open_as(name, Bytes(message.begin(), message.end()))) == secret_text);
    }
}

TEST_CASE("no altered byte of a message opens to anything else") {
    const Bytes message =
        encrypt_to_recipients(as_bytes(secret_text), {test_pki().certificate("recipient-ec")});
    const SigningIdentity recipient = test_pki().identity("recipient-ec");
    for (std::size_t i = 0; i < message.size(); ++i) {
        Bytes altered = message;
        altered[i] ^= 0x01;
        try {
            const Bytes plain =
                decrypt_with_key(altered, recipient.key, recipient.certificate, "m");
            CHECK(as_text(plain) == secret_text);
        } catch (const Error&) {
        }
    }
}

TEST_CASE("only certificates for encryption with strong keys are recipients") {
    for (const char* name : {"good-ec", "good-rsa", "good-rsa-pss", "weak-rsa", "ed25519", "tsa"}) {
        CAPTURE(name);
        CHECK(kind_of_error([&] { require_recipient(test_pki().certificate(name)); }) ==
              ErrorKind::crypto);
    }
    CHECK_NOTHROW(require_recipient(test_pki().certificate("recipient-ec")));
    CHECK_NOTHROW(require_recipient(test_pki().certificate("recipient-rsa")));
    CHECK(kind_of_error([] { encrypt_to_recipients({}, {}); }) == ErrorKind::usage);
}

TEST_CASE("what is no AuthEnvelopedData is malformed") {
    const TemporaryFolder folder;
    write_new_file(folder / "plain", as_bytes(secret_text));
    REQUIRE(shell("cd " + folder.path().native() +
                  " && openssl cms -encrypt -binary -aes-256-cbc -outform DER -in plain -out cbc"
                  " -recip " +
                  pki("recipient-rsa.pem")) == 0);
    const std::string cbc = read_small_file(folder / "cbc", mib);
    CHECK(kind_of_error([&] { open_as("recipient-rsa", Bytes(cbc.begin(), cbc.end())); }) ==
          ErrorKind::malformed);
    CHECK(kind_of_error([&] { open_as("recipient-rsa", {}); }) == ErrorKind::malformed);
    Bytes padded =
        encrypt_to_recipients(as_bytes(secret_text), {test_pki().certificate("recipient-ec")});
    padded.push_back(0);
    CHECK(kind_of_error([&] { open_as("recipient-ec", padded); }) == ErrorKind::malformed);
}
