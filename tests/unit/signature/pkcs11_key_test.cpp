// Against SoftHSM, in a folder of its own. The messages stand in tests/cli/seal/token_refused.sh.
#include "signature/pkcs11_key.h"

#include <doctest/doctest.h>

#include <stdexcept>

#include "base/atomic_file.h"
#include "base/error.h"
#include "signature/cms_signature.h"
#include "signature/envelope.h"
#include "signature/raw_signature.h"
#include "test_errors.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

const char* const softhsm = "/usr/lib/softhsm/libsofthsm2.so";
const TokenAccess token_access{softhsm, {}};
const UtcTime at{1'763'776'538'001};

// Tokens "one", "two" and "shut", each with the keys and certificates given to it.
class Tokens {
public:
    Tokens() {
        fs::create_directory(folder_ / "tokens");
        write_new_file(folder_ / "conf",
                       as_bytes("directories.tokendir = " + (folder_ / "tokens").native() +
                                "\nobjectstore.backend = file\n"));
        ::setenv("SOFTHSM2_CONF", (folder_ / "conf").c_str(), 1);
        const bool usable =
            shell("test -e /usr/lib/*/engines-3/pkcs11.so && command -v pkcs11-tool") == 0 &&
            init("one") && init("two") && init("shut");
        if (!usable) throw std::runtime_error("no SoftHSM (see scripts/install-deps)");
        for (const char* name : {"good-ec", "good-ec384", "good-rsa"}) put("one", name);
        for (const char* name : {"good-ec", "recipient-ec", "recipient-rsa"}) put("two", name);
        put("shut", "good-ec");  // never opened
        put("two", "untrusted");
        spoil("untrusted");
    }

private:
    bool init(const std::string& token) {
        return shell("softhsm2-util --init-token --free --so-pin 5678 --pin 1234 --label " +
                     token) == 0;
    }
    void put(const std::string& token, const std::string& name) {
        const std::string tool = std::string("pkcs11-tool --login --pin 1234 --module ") + softhsm +
                                 " --token-label " + token + " --label " + name +
                                 " --id $(printf %s " + name + " | od -An -tx1 | tr -d ' \\n')";
        const std::string source = test_pki().path(name).native();
        REQUIRE(shell("cd " + folder_.path().native() + " && openssl pkey -in " + source +
                      ".key -outform DER -out k && openssl x509 -in " + source +
                      ".pem -outform DER -out c && " + tool +
                      " --write-object k --type privkey --usage-sign --usage-derive"
                      " --usage-decrypt && " +
                      tool + " --write-object c --type cert") == 0);
    }
    // Makes a certificate unreadable where SoftHSM keeps it.
    void spoil(const std::string& name) {
        const Bytes der = test_pki().certificate(name).der();
        int spoilt = 0;
        for (const auto& file : fs::recursive_directory_iterator(folder_ / "tokens")) {
            if (!file.is_regular_file()) continue;
            std::string content = read_small_file(file.path(), mib);
            const std::size_t place = content.find(as_text(der));
            if (place == content.npos) continue;
            content[place] = '\0';
            fs::remove(file.path());
            write_new_file(file.path(), as_bytes(content));
            ++spoilt;
        }
        REQUIRE(spoilt == 1);
    }
    TemporaryFolder folder_;
};

void tokens() { static const Tokens made; }

struct Pin {
    std::string value = "1234";
    int asked = 0;
    PassphraseSource source() {
        return [this](std::string_view what) -> std::optional<std::string> {
            CHECK(what.starts_with("pkcs11:token="));
            ++asked;
            return value;
        };
    }
};

SigningIdentity load(const std::string& uri, Pin& pin) {
    return load_identity({uri, {}, test_pki().path("chain.pem"), token_access}, pin.source());
}

}  // namespace

TEST_CASE("a key on a token signs what a key in a file signs") {
    tokens();
    for (const char* name : {"good-ec", "good-ec384", "good-rsa"}) {
        CAPTURE(name);
        Pin pin;
        const SigningIdentity identity = load("pkcs11:token=one;object=" + std::string(name), pin);
        CHECK(is_on_token(identity.key));
        CHECK(identity.certificate == test_pki().certificate(name));
        const Bytes message = {1, 2, 3};
        CHECK(verify_raw(identity.certificate, raw_algorithm(identity.key), message,
                         sign_raw(identity.key, message)));
        const Bytes signature = sign_detached(message, identity, at);
        CHECK(check_detached(signature, message, "s").findings.all().empty());
    }
    CHECK_FALSE(is_on_token(test_pki().identity("good-ec").key));
}

TEST_CASE("a key on a token opens what is encrypted to it, and nothing altered") {
    tokens();
    for (const char* name : {"recipient-ec", "recipient-rsa"}) {
        CAPTURE(name);
        Pin pin;
        const SigningIdentity identity = load("pkcs11:token=two;object=" + std::string(name), pin);
        const Bytes plain = {4, 5, 6};
        Bytes message = encrypt_to_recipients(plain, {identity.certificate});
        CHECK(decrypt_with_key(message, identity.key, identity.certificate, "m") == plain);
        message.back() ^= 1;
        CHECK(kind_of_error([&] {
                  decrypt_with_key(message, identity.key, identity.certificate, "m");
              }) == ErrorKind::refused);
    }
}

TEST_CASE("a wrong PIN is tried once, and no other token hears of it") {
    tokens();
    Pin wrong{"9999"};
    CHECK(kind_of_error([&] { load("pkcs11:token=shut;object=good-ec", wrong); }) ==
          ErrorKind::crypto);
    CHECK(wrong.asked == 1);
    CHECK(kind_of_error([&] { load("pkcs11:object=good-ec", wrong); }) == ErrorKind::crypto);
    CHECK(wrong.asked == 1);
}

TEST_CASE("a token that one key has opened does not ask again for another") {
    tokens();
    Pin first, second;
    const SigningIdentity ec = load("pkcs11:token=one;object=good-ec", first);
    const SigningIdentity rsa = load("pkcs11:token=one;object=good-rsa", second);
    CHECK(first.asked <= 1);
    CHECK(second.asked == 0);
    const Bytes message = {7};
    for (const SigningIdentity* identity : {&rsa, &ec}) {
        CHECK(verify_raw(identity->certificate, raw_algorithm(identity->key), message,
                         sign_raw(identity->key, message)));
    }
}

TEST_CASE("keys on two tokens work side by side") {
    tokens();
    Pin one, two;
    const SigningIdentity first = load("pkcs11:token=one;object=good-rsa", one);
    const SigningIdentity second = load("pkcs11:token=two;object=good-ec", two);
    const Bytes message = {8};
    for (const SigningIdentity* identity : {&first, &second}) {
        CHECK(check_detached(sign_detached(message, *identity, at), message, "s")
                  .findings.all()
                  .empty());
    }
}

TEST_CASE("a certificate on a token needs no PIN") {
    tokens();
    const std::string uri = "pkcs11:token=two;object=recipient-ec";
    CHECK(load_token_certificate(uri, token_access) == test_pki().certificate("recipient-ec"));
    CHECK(kind_of_error([] { load_token_certificate("pkcs11:token=two", token_access); }) ==
          ErrorKind::crypto);
    CHECK(kind_of_error([] {
              load_token_certificate("pkcs11:token=two;object=x", token_access);
          }) == ErrorKind::crypto);
    CHECK(kind_of_error([] { load_token_certificate("pkcs11:token=two", {}); }) ==
          ErrorKind::usage);
}

TEST_CASE("a certificate that cannot be read is in nobody's way but its own key's") {
    tokens();
    Pin pin;
    CHECK(load("pkcs11:token=two;object=good-ec", pin).certificate ==
          test_pki().certificate("good-ec"));
    CHECK(kind_of_error([&] { load("pkcs11:token=two;object=untrusted", pin); }) ==
          ErrorKind::crypto);
    CHECK(kind_of_error([] {
              load_token_certificate("pkcs11:token=two;object=untrusted", token_access);
          }) == ErrorKind::crypto);
}
