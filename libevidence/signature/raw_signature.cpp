#include "signature/raw_signature.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include "base/error.h"
#include "signature/key_policy.h"
#include "signature/openssl_handles.h"

namespace evidence {
namespace {

constexpr int pss_salt_bytes = 32;

// Empty for a key we do not sign with.
std::string_view algorithm_of(EVP_PKEY* key) {
    switch (kind_of(key)) {
        case KeyKind::ec_p256:
            return "ecdsa-sha256";
        case KeyKind::ec_p384:
            return "ecdsa-sha384";
        case KeyKind::rsa_pss:
            if (bound_digest(key) != NID_undef && bound_digest(key) != NID_sha256) break;
            return "rsa-pss-sha256";
        case KeyKind::rsa:
            return "rsa-pss-sha256";
        case KeyKind::ed25519:
            return "ed25519";
        case KeyKind::weak_rsa:
        case KeyKind::other:
            break;
    }
    return {};
}

const EVP_MD* digest_of(std::string_view algorithm) {
    if (algorithm == "ed25519") return nullptr;  // hashes by itself
    return algorithm == "ecdsa-sha384" ? EVP_sha384() : EVP_sha256();
}

bool set_padding(EVP_PKEY_CTX* context, std::string_view algorithm) {
    if (algorithm != "rsa-pss-sha256") return true;
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(context, pss_salt_bytes) == 1;
}

DigestContextHandle new_context() {
    DigestContextHandle context(EVP_MD_CTX_new());
    if (!context) throw_openssl("cannot sign");
    return context;
}

}  // namespace

std::string raw_algorithm(const PrivateKey& key) {
    const std::string_view algorithm = algorithm_of(key.handle());
    if (algorithm.empty()) {
        throw Error(
            ErrorKind::crypto,
            "key cannot sign events: " + describe_key(key.handle()) +
                " (expected EC P-256, EC P-384, RSA of at least 3072 bits and not bound to another "
                "digest than SHA-256, or Ed25519)",
            "use an EC P-256 key: evidence-custody identity makes one");
    }
    return std::string(algorithm);
}

bool algorithm_fits(const Certificate& certificate, std::string_view algorithm) {
    return !algorithm.empty() && algorithm_of(X509_get0_pubkey(certificate.handle())) == algorithm;
}

Bytes sign_raw(const PrivateKey& key, ByteView message) {
    const std::string algorithm = raw_algorithm(key);
    const DigestContextHandle context = new_context();
    EVP_PKEY_CTX* parameters = nullptr;
    std::size_t size = 0;
    if (EVP_DigestSignInit(context.get(), &parameters, digest_of(algorithm), nullptr,
                           key.handle()) != 1 ||
        !set_padding(parameters, algorithm) ||
        EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) != 1) {
        throw_openssl("cannot sign with " + describe_key(key.handle()));
    }
    Bytes signature(size);
    if (EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) !=
        1) {
        throw_openssl("cannot sign with " + describe_key(key.handle()));
    }
    signature.resize(size);
    return signature;
}

bool verify_raw(const Certificate& certificate, std::string_view algorithm, ByteView message,
                ByteView signature) {
    EVP_PKEY* key = X509_get0_pubkey(certificate.handle());
    if (algorithm.empty() || algorithm_of(key) != algorithm) {
        ERR_clear_error();
        return false;
    }
    const DigestContextHandle context = new_context();
    EVP_PKEY_CTX* parameters = nullptr;
    const bool verified =
        EVP_DigestVerifyInit(context.get(), &parameters, digest_of(algorithm), nullptr, key) == 1 &&
        set_padding(parameters, algorithm) &&
        EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                         message.size()) == 1;
    ERR_clear_error();
    return verified;
}

}  // namespace evidence
