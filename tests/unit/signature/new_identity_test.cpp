#include <doctest/doctest.h>

#include "base/atomic_file.h"
#include "signature/cms_signature.h"
#include "signature/envelope.h"
#include "signature/trust.h"
#include "test_errors.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

// Writes the three files into a folder and loads them back.
struct MadeIdentity {
    TestContext context;
    TemporaryFolder folder;
    NewIdentity made = create_identity("Lê Văn An", "Digital Forensics Unit", "VN", context);
    MadeIdentity() {
        write_new_file(folder / "key.pem", as_bytes(made.key_pem));
        write_new_file(folder / "cert.pem", as_bytes(made.certificate_pem));
        write_new_file(folder / "csr.pem", as_bytes(made.request_pem));
    }
    SigningIdentity load() const {
        return load_identity({folder / "key.pem", folder / "cert.pem", {}}, {});
    }
    int in_folder(const std::string& command) const {
        return shell("cd " + folder.path().native() + " && " + command);
    }
};

}  // namespace

TEST_CASE("a new identity carries its names and five years from now") {
    const MadeIdentity identity;
    const Certificate certificate = identity.load().certificate;
    CHECK(certificate.subject() == "CN=Lê Văn An,O=Digital Forensics Unit,C=VN");
    CHECK(format_utc(certificate.not_before()) == "2025-11-22T01:55:38.000Z");
    CHECK(format_utc(certificate.not_after()) == "2030-11-22T01:55:38.000Z");
    CHECK(identity.in_folder("openssl x509 -in cert.pem -noout -ext keyUsage | grep -q "
                             "'Digital Signature, Non Repudiation, Key Agreement'") == 0);
    CHECK(identity.in_folder("openssl x509 -in cert.pem -noout -ext basicConstraints | grep -q "
                             "'CA:FALSE'") == 0);
}

TEST_CASE("serial numbers come from the random source") {
    TestContext one, two;
    const auto has_serial_of_first = [](const NewIdentity& made, const NewIdentity& first) {
        const TemporaryFolder folder;
        write_new_file(folder / "1", as_bytes(first.certificate_pem));
        write_new_file(folder / "2", as_bytes(made.certificate_pem));
        return shell("cd " + folder.path().native() +
                     " && for n in 1 2; do openssl x509 -noout -serial -in $n > $n.serial; done"
                     " && test -s 1.serial && cmp 1.serial 2.serial") == 0;
    };
    const NewIdentity first = create_identity("a", "", "", one);
    CHECK(has_serial_of_first(create_identity("a", "", "", two), first));
    CHECK_FALSE(has_serial_of_first(create_identity("a", "", "", two), first));
}

TEST_CASE("a new identity seals and is its own trust anchor") {
    const MadeIdentity identity;
    const SigningIdentity signer = identity.load();
    require_sealing_identity(signer);
    const Bytes signature = sign_detached(as_bytes("x"), signer, identity.context.clock.now());
    const DetachedSignature checked = check_detached(signature, as_bytes("x"), "s");
    CHECK(checked.findings.all().empty());
    TrustStore trust;
    trust.add_anchors(identity.folder / "cert.pem");
    CHECK(trust
              .check(*checked.signer, checked.intermediates, identity.context.clock.now(),
                     TrustStore::Usage::signing, "s")
              .all()
              .empty());

    write_new_file(identity.folder / "s.p7s", signature);
    write_new_file(identity.folder / "x", as_bytes("x"));
    CHECK(identity.in_folder("openssl cms -verify -cades -binary -inform DER -no-CApath -no-CAstore"
                             " -CAfile cert.pem -in s.p7s -content x -out /dev/null"
                             " -attime 1763776540") == 0);
}

TEST_CASE("a new identity can receive transfers") {
    const MadeIdentity identity;
    const SigningIdentity recipient = identity.load();
    const Bytes message = encrypt_to_recipients(as_bytes("x"), {recipient.certificate});
    CHECK(as_text(decrypt_with_key(message, recipient.key, recipient.certificate, "m")) == "x");
}

TEST_CASE("the request is for the same key and name, and signed") {
    const MadeIdentity identity;
    CHECK(identity.in_folder("openssl req -in csr.pem -noout -verify") == 0);
    CHECK(identity.in_folder("openssl req -in csr.pem -noout -pubkey > a && "
                             "openssl x509 -in cert.pem -noout -pubkey > b && cmp a b") == 0);
    CHECK(identity.in_folder("openssl req -in csr.pem -noout -subject -nameopt utf8 > a && "
                             "openssl x509 -in cert.pem -noout -subject -nameopt utf8 > b && "
                             "cmp a b") == 0);
}

TEST_CASE("five years from a leap day end on the last of February") {
    TestContext context;
    context.clock.time = *parse_utc("2024-02-29T12:00:00.000Z");
    const NewIdentity made = create_identity("a", "", "", context);
    const Certificate certificate = parse_pem_certificates(made.certificate_pem, "x").front();
    CHECK(format_utc(certificate.not_after()) == "2029-02-28T12:00:00.000Z");
}

TEST_CASE("names that fit no certificate are usage errors") {
    TestContext context;
    CHECK(kind_of_error([&] { create_identity("", "", "", context); }) == ErrorKind::usage);
    CHECK(kind_of_error([&] { create_identity(std::string(65, 'a'), "", "", context); }) ==
          ErrorKind::usage);
    CHECK(kind_of_error([&] { create_identity("a", "", "VNM", context); }) == ErrorKind::usage);
    CHECK(kind_of_error([&] { create_identity("a", "", "vn", context); }) == ErrorKind::usage);
    CHECK(kind_of_error([&] { create_identity("a\xff", "", "", context); }) == ErrorKind::usage);
    CHECK_NOTHROW(create_identity(std::string(64, 'a'), "", "", context));
}
