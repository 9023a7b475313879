// Which keys and digests may stand behind evidence: ECDSA on P-256 or P-384, RSA from 3072 bits,
// Ed25519 for single events; SHA-256 or better.
#pragma once

#include <string>

typedef struct evp_pkey_st EVP_PKEY;
typedef struct x509_st X509;

namespace evidence {

inline constexpr int rsa_min_bits = 3072;

// rsa_pss: a key bound to RSASSA-PSS (RFC 4055), which signs and never decrypts.
enum class KeyKind { ec_p256, ec_p384, rsa, rsa_pss, ed25519, weak_rsa, other };

KeyKind kind_of(const EVP_PKEY* key);  // `other` also for no key at all

// The digest that the parameters inside an RSASSA-PSS key bind it to; NID_undef: any.
int bound_digest(EVP_PKEY* key);

// May stand behind a package or a statement.
constexpr bool may_seal(KeyKind kind) {
    return kind == KeyKind::ec_p256 || kind == KeyKind::ec_p384 || kind == KeyKind::rsa ||
           kind == KeyKind::rsa_pss;
}

// "RSA 2048", "Ed25519", "EC secp256k1": for messages.
std::string describe_key(const EVP_PKEY* key);

// RFC 5280: digitalSignature or nonRepudiation when the certificate restricts its key usage.
bool may_sign(X509* certificate);

// Issued for time-stamping, and so for nothing else.
bool is_time_stamping(X509* certificate);

// RFC 3161 section 2.3, ETSI EN 319 422 clause 6.2: the extended key usage is critical and names
// time-stamping alone, and the key usage, if any, has only signing in it.
bool is_only_time_stamping(X509* certificate);

}  // namespace evidence
