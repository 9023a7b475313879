#include "signature/identity.h"

#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "signature/raw_signature.h"
#include "test_errors.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

fs::path pki(const std::string& name) { return test_pki().path(name); }

PassphraseSource answer(const std::string& passphrase) {
    return [passphrase](std::string_view) { return std::optional<std::string>(passphrase); };
}

const PassphraseSource nobody = [](std::string_view) { return std::optional<std::string>(); };

// The key is the certificate's when the one verifies what the other signed.
void check_is_good_ec(const SigningIdentity& identity) {
    CHECK(identity.certificate == test_pki().certificate("good-ec"));
    const std::string message = "x";
    CHECK(verify_raw(identity.certificate, "ecdsa-sha256", as_bytes(message),
                     sign_raw(identity.key, as_bytes(message))));
}

std::string hint_of_error(const auto& action) {
    try {
        action();
    } catch (const Error& error) {
        return error.hint();
    }
    return {};
}

}  // namespace

TEST_CASE("an identity comes from a key, a certificate and a chain") {
    const SigningIdentity identity =
        load_identity({pki("good-ec.key"), pki("good-ec.pem"), pki("chain.pem")}, {});
    check_is_good_ec(identity);
    REQUIRE(identity.chain.size() == 2);
    CHECK(identity.chain[0] == test_pki().certificate("intermediate"));
    CHECK(identity.chain[1] == test_pki().certificate("root"));
    CHECK(load_identity({pki("good-ec.key"), pki("good-ec.pem"), {}}, {}).chain.empty());
}

TEST_CASE("one PEM file may hold all of it") {
    const TemporaryFolder folder;
    const std::string all = test_pki().text("good-ec.key") + test_pki().text("good-ec.pem") +
                            test_pki().text("chain.pem");
    write_new_file(folder / "all.pem", as_bytes(all));
    const SigningIdentity identity = load_identity({folder / "all.pem", {}, {}}, {});
    check_is_good_ec(identity);
    CHECK(identity.chain.size() == 2);
}

TEST_CASE("PKCS#12 brings certificate and chain along") {
    const SigningIdentity identity = load_identity({pki("good-ec.p12"), {}, {}}, answer("secret"));
    check_is_good_ec(identity);
    CHECK(identity.chain.size() == 2);
    CHECK(kind_of_error([] {
              load_identity({pki("good-ec.p12"), {}, {}}, answer("wrong"));
          }) == ErrorKind::crypto);
    CHECK(kind_of_error([] {
              load_identity({pki("good-ec.p12"), {}, {}}, nobody);
          }) == ErrorKind::crypto);
    CHECK(kind_of_error([] {
              load_identity({pki("good-ec.p12"), {}, {}}, {});
          }) == ErrorKind::crypto);
}

TEST_CASE("PKCS#12 without a passphrase is opened without asking") {
    const TemporaryFolder folder;
    REQUIRE(shell("openssl pkcs12 -export -inkey " + pki("good-ec.key").native() + " -in " +
                  pki("good-ec.pem").native() + " -passout pass: -out " +
                  (folder / "open.p12").native()) == 0);
    check_is_good_ec(load_identity({folder / "open.p12", {}, {}}, {}));
}

TEST_CASE("a passphrase is asked for only when the key is encrypted") {
    int asked = 0;
    const PassphraseSource counting = [&](std::string_view file) {
        ++asked;
        CHECK(file == pki("good-ec-encrypted.key").native());
        return std::optional<std::string>("secret");
    };
    load_identity({pki("good-ec.key"), pki("good-ec.pem"), {}}, counting);
    CHECK(asked == 0);
    check_is_good_ec(
        load_identity({pki("good-ec-encrypted.key"), pki("good-ec.pem"), {}}, counting));
    CHECK(asked == 1);
}

TEST_CASE("wrong, missing and failing passphrases are errors") {
    const IdentityFiles files{pki("good-ec-encrypted.key"), pki("good-ec.pem"), {}};
    CHECK(kind_of_error([&] { load_identity(files, answer("wrong")); }) == ErrorKind::crypto);
    CHECK(kind_of_error([&] { load_identity(files, answer("")); }) == ErrorKind::crypto);
    CHECK(kind_of_error([&] { load_identity(files, answer(std::string(5000, 'x'))); }) ==
          ErrorKind::crypto);
    CHECK(kind_of_error([&] { load_identity(files, nobody); }) == ErrorKind::crypto);
    const PassphraseSource failing = [](std::string_view) -> std::optional<std::string> {
        throw Error(ErrorKind::interrupted, "interrupted");
    };
    CHECK(kind_of_error([&] { load_identity(files, failing); }) == ErrorKind::interrupted);
}

TEST_CASE("a key that is not the certificate's is refused with a hint") {
    const auto load = [] { load_identity({pki("good-ec.key"), pki("good-rsa.pem"), {}}, {}); };
    CHECK(kind_of_error(load) == ErrorKind::crypto);
    CHECK_FALSE(hint_of_error(load).empty());
}

TEST_CASE("missing parts are named") {
    CHECK(kind_of_error([] {
              load_identity({"/nowhere/k", "/nowhere/c", {}}, {});
          }) == ErrorKind::not_found);
    CHECK(kind_of_error([] {
              load_identity({pki("good-ec.key"), {}, {}}, {});
          }) == ErrorKind::crypto);
    CHECK(kind_of_error([] {
              load_identity({pki("good-ec.pem"), pki("good-ec.pem"), {}}, {});
          }) == ErrorKind::crypto);
    CHECK(kind_of_error([] {
              load_identity({pki("crl.pem"), pki("good-ec.pem"), {}}, {});
          }) == ErrorKind::crypto);
    CHECK(kind_of_error([] {
              load_identity({pki("good-ec.key"), pki("good-ec.pem"), pki("other-root.pem")}, {});
          }) == ErrorKind::crypto);
}

TEST_CASE("only strong keys with a signing certificate may seal") {
    for (const char* name : {"good-ec", "good-ec384", "good-rsa", "self-signed", "expired"}) {
        CAPTURE(name);
        CHECK_NOTHROW(require_sealing_identity(test_pki().identity(name)));
    }
    for (const char* name : {"weak-rsa", "ed25519", "wrong-usage", "tsa", "recipient-ec"}) {
        CAPTURE(name);
        CHECK(kind_of_error([&] { require_sealing_identity(test_pki().identity(name)); }) ==
              ErrorKind::crypto);
    }
}

TEST_CASE("an Ed25519 key is told what to use instead") {
    const SigningIdentity identity = test_pki().identity("ed25519");
    CHECK(hint_of_error([&] { require_sealing_identity(identity); }).find("EC P-256") !=
          std::string::npos);
}

TEST_CASE("nobody signs outside of the validity of his certificate") {
    const SigningIdentity identity = test_pki().identity("expired");  // in 2020 only
    const auto kind_at = [&](const char* time) {
        return kind_of_error([&] { require_valid_now(identity, parse_utc(time).value()); });
    };
    CHECK(kind_at("2019-12-31T23:59:59.999Z") == ErrorKind::crypto);
    CHECK_FALSE(kind_at("2020-01-01T00:00:00.000Z"));
    CHECK_FALSE(kind_at("2020-12-31T23:59:59.000Z"));
    CHECK(kind_at("2020-12-31T23:59:59.001Z") == ErrorKind::crypto);  // signed as of 00:00:00
}
