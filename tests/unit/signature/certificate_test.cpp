#include "signature/certificate.h"

#include <doctest/doctest.h>
#include <openssl/ui.h>

#include "base/atomic_file.h"
#include "base/hex.h"
#include "digest/digest.h"
#include "signature/trust.h"
#include "test_errors.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

TEST_CASE("a certificate tells its names, validity and fingerprint") {
    const Certificate certificate = test_pki().certificate("expired");
    CHECK(certificate.common_name() == "expired");
    CHECK(certificate.organization() == "Test Agency");
    CHECK(certificate.country() == "VN");
    CHECK(certificate.subject() == "CN=expired,O=Test Agency,C=VN");
    CHECK(format_utc(certificate.not_before()) == "2020-01-01T00:00:00.000Z");
    CHECK(format_utc(certificate.not_after()) == "2020-12-31T23:59:59.000Z");
    CHECK_FALSE(certificate.is_self_issued());
    CHECK(test_pki().certificate("root").is_self_issued());
}

TEST_CASE("the fingerprint is openssl's") {
    CHECK(shell("openssl x509 -in " + test_pki().path("good-ec.pem").native() +
                " -outform DER | sha256sum | grep -q " +
                test_pki().certificate("good-ec").fingerprint()) == 0);
}

TEST_CASE("names in other scripts come out as UTF-8") {
    const TemporaryFolder folder;
    REQUIRE(shell("cd " + folder.path().native() +
                  " && openssl req -x509 -utf8 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
                  " -keyout k -out c -days 2 -subj '/O=Bộ Công an/CN=Nguyễn Ái'") == 0);
    const Certificate certificate = load_certificates(folder / "c").front();
    CHECK(certificate.common_name() == "Nguyễn Ái");
    CHECK(certificate.organization() == "Bộ Công an");
    CHECK(certificate.country().empty());
    CHECK(certificate.subject() == "CN=Nguyễn Ái,O=Bộ Công an");
}

TEST_CASE("DER and PEM lead back to the same certificate") {
    const Certificate certificate = test_pki().certificate("good-ec");
    CHECK(Certificate::from_der(certificate.der(), "x") == certificate);
    CHECK(parse_pem_certificates(certificate.pem(), "x").front() == certificate);
    CHECK(certificate.pem() == test_pki().text("good-ec.pem"));
    CHECK_FALSE(certificate == test_pki().certificate("good-ec384"));
}

TEST_CASE("files hold one certificate in DER or several in PEM") {
    const TemporaryFolder folder;
    write_new_file(folder / "c.der", test_pki().certificate("good-ec").der());
    CHECK(load_certificates(folder / "c.der").front() == test_pki().certificate("good-ec"));

    const std::vector<Certificate> chain = load_certificates(test_pki().path("chain.pem"));
    REQUIRE(chain.size() == 2);
    CHECK(chain[0] == test_pki().certificate("intermediate"));
    CHECK(chain[1] == test_pki().certificate("root"));
}

TEST_CASE("what is no certificate is refused") {
    CHECK(kind_of_error([] { load_certificates("/nowhere/c.pem"); }) == ErrorKind::not_found);
    CHECK(kind_of_error([] { load_certificates(test_pki().path("good-ec.key")); }) ==
          ErrorKind::crypto);
    CHECK(kind_of_error([] { parse_pem_certificates("", "x"); }) == ErrorKind::crypto);

    Bytes der = test_pki().certificate("good-ec").der();
    der.push_back(0);
    CHECK(kind_of_error([&] { Certificate::from_der(der, "x"); }) == ErrorKind::crypto);
    der.resize(der.size() - 2);
    CHECK(kind_of_error([&] { Certificate::from_der(der, "x"); }) == ErrorKind::crypto);
    CHECK(kind_of_error([] { Certificate::from_der({}, "x"); }) == ErrorKind::crypto);
}

TEST_CASE("a damaged block after a good one is not passed over") {
    std::string pem = test_pki().text("good-ec.pem");
    std::string damaged = pem;
    damaged[damaged.size() / 2] = '!';
    CHECK(kind_of_error([&] { parse_pem_certificates(pem + damaged, "x"); }) == ErrorKind::crypto);
}

TEST_CASE("a certificate that calls itself encrypted asks nobody for a passphrase") {
    static int questions;
    questions = 0;
    UI_METHOD* counting = UI_create_method("counting");
    UI_method_set_opener(counting, [](UI*) { return ++questions > 0 ? 0 : 1; });
    UI_set_default_method(counting);
    std::string pem = test_pki().text("good-ec.pem");
    pem.insert(
        pem.find('\n') + 1,
        "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00000000000000000000000000000000\n\n");
    CHECK(kind_of_error([&] { parse_pem_certificates(pem, "x"); }) == ErrorKind::crypto);
    for (std::size_t at; (at = pem.find("CERTIFICATE")) != std::string::npos;) {
        pem.replace(at, std::string_view("CERTIFICATE").size(), "X509 CRL");
    }
    const TemporaryFolder folder;
    write_new_file(folder / "lists.pem", as_bytes(pem));
    CHECK(kind_of_error([&] { TrustStore().add_revocation_lists(folder / "lists.pem"); }) ==
          ErrorKind::crypto);
    CHECK(questions == 0);
    UI_set_default_method(UI_OpenSSL());
    UI_destroy_method(counting);
}
