// A signer: private key, certificate, and the intermediates that lead to a trust anchor.
//
// Thread rule: signing with one identity from several threads at once is not supported.
#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "signature/certificate.h"
#include "signature/secret_source.h"

typedef struct evp_pkey_st EVP_PKEY;

namespace evidence {

class PrivateKey {
public:
    explicit PrivateKey(EVP_PKEY* key);  // takes its own reference
    PrivateKey(const PrivateKey& other);
    PrivateKey(PrivateKey&& other) noexcept;
    PrivateKey& operator=(PrivateKey other) noexcept;
    ~PrivateKey();
    EVP_PKEY* handle() const { return key_; }

private:
    EVP_PKEY* key_;
};

struct SigningIdentity {
    PrivateKey key;
    Certificate certificate;
    std::vector<Certificate> chain;  // intermediates, then perhaps the root; may be empty
};

// How keys on smart cards and HSMs are reached.
struct TokenAccess {
    fs::path module;   // PKCS#11 library for URIs that name none
    fs::path engines;  // folder of OpenSSL's engines; empty: where OpenSSL was built to look
};

// Key and certificate may be PKCS#11 URIs (signature/pkcs11_uri.h) in place of files.
struct IdentityFiles {
    fs::path key;          // PEM, or PKCS#12 holding key, certificate and chain
    fs::path certificate;  // PEM or DER; empty with PKCS#12 and for the one beside a key on a token
    fs::path chain;        // PEM bundle; empty when none
    TokenAccess tokens = {};
};

// Error(crypto) when the key cannot be read or does not belong to the certificate, with a hint;
// Error(usage) for a PKCS#11 URI that is none, holds a PIN, or comes without a module.
SigningIdentity load_identity(const IdentityFiles& files, const PassphraseSource& passphrase);

// Error(crypto) unless the identity may sign packages and statements: key usage digitalSignature or
// nonRepudiation, no time-stamping certificate, ECDSA P-256/P-384 or RSA >= 3072. Ed25519 is
// refused with a hint, because OpenSSL 3.0 cannot make CMS signatures with it.
void require_sealing_identity(const SigningIdentity& identity);

// Error(crypto) unless `now` is within the certificate's validity, to the millisecond: the signing
// time in a CMS signature is rounded up to a second and must not leave it. What is signed outside
// of it can never be verified.
void require_valid_now(const SigningIdentity& identity, UtcTime now);

// A fresh EC P-256 key with a self-signed certificate, and a certificate request for a CA. The
// certificate may sign and receive transfers (digitalSignature, nonRepudiation, keyAgreement) and
// is its own trust anchor.
struct NewIdentity {
    std::string key_pem;
    std::string certificate_pem;  // self-signed, five years
    std::string request_pem;      // PKCS#10 for the same key
};
// The country is two capital letters or empty, the organization may be empty; Error(usage) for
// names that do not fit into a certificate. Serial number and validity come from `context`.
NewIdentity create_identity(std::string_view common_name, std::string_view organization,
                            std::string_view country, const Context& context);

}  // namespace evidence
