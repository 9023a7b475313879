#include "signature/key_identity.h"

#include <openssl/core_names.h>
#include <openssl/err.h>

#include <algorithm>
#include <initializer_list>
#include <set>

#include "base/hex.h"
#include "digest/digest.h"
#include "signature/openssl_handles.h"

namespace evidence {
namespace {

using NumberHandle = std::unique_ptr<BIGNUM, OpenSslDeleter<BN_free>>;

// "<kind>:<number>:<number>.." in hex; empty when the key does not say one of them.
std::string numbers_of(const EVP_PKEY* key, const char* kind,
                       std::initializer_list<const char*> names) {
    std::string text = kind;
    for (const char* name : names) {
        BIGNUM* value = nullptr;
        const bool known = EVP_PKEY_get_bn_param(key, name, &value) == 1;
        const NumberHandle number(value);
        if (!known) return {};
        const std::unique_ptr<char, OpenSslDeleter<[](char* hex) { OPENSSL_free(hex); }>> hex(
            BN_bn2hex(number.get()));
        if (!hex) throw_openssl("cannot read a public key");
        text += std::string(":") + hex.get();
    }
    return text;
}

std::string parameters_of(const EVP_PKEY* key) {
    if (!key) return {};
    if (EVP_PKEY_is_a(key, "RSA") == 1 || EVP_PKEY_is_a(key, "RSA-PSS") == 1) {
        return numbers_of(key, "rsa", {OSSL_PKEY_PARAM_RSA_N, OSSL_PKEY_PARAM_RSA_E});
    }
    if (EVP_PKEY_is_a(key, "EC") == 1) {
        return numbers_of(key, "ec",
                          {OSSL_PKEY_PARAM_EC_P, OSSL_PKEY_PARAM_EC_A, OSSL_PKEY_PARAM_EC_B,
                           OSSL_PKEY_PARAM_EC_PUB_X, OSSL_PKEY_PARAM_EC_PUB_Y});
    }
    return {};
}

}  // namespace

std::string key_identity(const Certificate& certificate) {
    const std::string parameters = parameters_of(X509_get0_pubkey(certificate.handle()));
    ERR_clear_error();
    if (!parameters.empty()) return sha256_hex(parameters);
    return to_hex(
        sha256(der_of<i2d_X509_PUBKEY>(X509_get_X509_PUBKEY(certificate.handle()), "public key")));
}

bool may_be_one_person(const Certificate& one, const Certificate& other) {
    return X509_NAME_cmp(X509_get_subject_name(one.handle()),
                         X509_get_subject_name(other.handle())) == 0 ||
           key_identity(one) == key_identity(other);
}

std::size_t count_people(const std::vector<Certificate>& certificates) {
    std::vector<std::size_t> person(certificates.size());  // of each certificate
    for (std::size_t i = 0; i < certificates.size(); ++i) {
        person[i] = i;
        for (std::size_t j = 0; j < i; ++j) {
            if (person[j] == person[i] || !may_be_one_person(certificates[i], certificates[j])) {
                continue;
            }
            std::replace(person.begin(), person.begin() + static_cast<std::ptrdiff_t>(i),
                         std::size_t{person[j]}, person[i]);
        }
    }
    return std::set<std::size_t>(person.begin(), person.end()).size();
}

}  // namespace evidence
