#include "signature/key_identity.h"

#include <doctest/doctest.h>

#include "signature/openssl_handles.h"
#include "test_pki.h"

using namespace evidence;
using namespace evidence::test;

namespace {

// Certificates by openssl: name of a key, name of a person.
class Made {
public:
    Made() {
        REQUIRE(
            run("openssl ecparam -name prime256v1 -genkey -noout -out k1 && "
                "openssl ec -in k1 -conv_form compressed -out k1c && "
                "openssl ec -in k1 -param_enc explicit -out k1x && "
                "openssl ecparam -name prime256v1 -genkey -noout -out k2 && "
                "openssl genrsa -out rsa 2048 && "
                "openssl genpkey -algorithm ed25519 -out ed"));
    }
    Certificate operator()(const std::string& key, const std::string& name) const {
        REQUIRE(
            run("openssl req -x509 -new -key " + key + " -out c -days 9 -subj '/CN=" + name + "'"));
        return load_certificates(folder_ / "c").front();
    }

private:
    bool run(const std::string& commands) const {
        return shell("cd " + folder_.path().native() + " && " + commands) == 0;
    }
    TemporaryFolder folder_;
};

const Made& made() {
    static const Made it;
    return it;
}

// The same modulus, under id-RSASSA-PSS; nobody need have signed it.
Certificate bound_to_pss(const Certificate& rsa) {
    const CertificateHandle copy(X509_dup(rsa.handle()));
    X509_PUBKEY* key = X509_get_X509_PUBKEY(copy.get());
    const unsigned char* bytes = nullptr;
    int size = 0;
    REQUIRE(X509_PUBKEY_get0_param(nullptr, &bytes, &size, nullptr, key) == 1);
    auto* own = static_cast<unsigned char*>(OPENSSL_memdup(bytes, static_cast<std::size_t>(size)));
    REQUIRE(X509_PUBKEY_set0_param(key, OBJ_nid2obj(NID_rsassaPss), V_ASN1_UNDEF, nullptr, own,
                                   size) == 1);
    REQUIRE(i2d_re_X509_tbs(copy.get(), nullptr) > 0);  // or the old bytes are written
    return Certificate::from_der(der_of<i2d_X509>(copy.get(), "certificate"), "pss");
}

}  // namespace

TEST_CASE("a key is its numbers, however they are written") {
    const Certificate plain = made()("k1", "Lan"), compressed = made()("k1c", "Minh");
    CHECK(X509_get0_pubkey_bitstr(plain.handle())->length !=
          X509_get0_pubkey_bitstr(compressed.handle())->length);
    CHECK(key_identity(plain) == key_identity(compressed));
    CHECK(key_identity(plain) == key_identity(made()("k1x", "Minh")));
    CHECK(key_identity(plain) != key_identity(made()("k2", "Lan")));

    const Certificate rsa = made()("rsa", "Lan"), pss = bound_to_pss(rsa);
    CHECK(EVP_PKEY_is_a(X509_get0_pubkey(pss.handle()), "RSA-PSS") == 1);
    CHECK(key_identity(rsa) == key_identity(pss));
    CHECK(key_identity(rsa) != key_identity(plain));

    CHECK(key_identity(made()("ed", "Lan")) == key_identity(made()("ed", "Minh")));
    CHECK(key_identity(made()("ed", "Lan")) != key_identity(rsa));
}

TEST_CASE("who shares a key or a name counts once, also by way of a third") {
    const Certificate lan1 = made()("k1", "Lan"), lan2 = made()("k2", "Lan"),
                      minh1 = made()("k1", "Minh"), minh = made()("ed", "Minh"),
                      hoa = made()("rsa", "Hoa");
    CHECK(count_people({}) == 0);
    CHECK(count_people({lan1}) == 1);
    CHECK(count_people({lan1, lan2}) == 1);
    CHECK(count_people({lan1, minh1}) == 1);
    CHECK(count_people({lan2, minh1}) == 2);
    CHECK(count_people({lan1, lan2, minh1}) == 1);
    CHECK(count_people({lan2, minh1, lan1}) == 1);
    CHECK(count_people({lan2, hoa, minh, minh1, lan1}) == 2);
    CHECK(count_people({lan2, hoa, minh}) == 3);
    CHECK(may_be_one_person(lan1, made()("ed", "LAN")));  // RFC 5280 section 7.1
}
