// Owners of OpenSSL objects, declared once. Private to the library: no public header includes it.
#pragma once

#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/ess.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <memory>
#include <string>

#include "base/bytes.h"

namespace evidence {

template <auto free_function>
struct OpenSslDeleter {
    template <typename T>
    void operator()(T* object) const {
        free_function(object);
    }
};

inline void free_certificate_stack(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }
inline void free_certificate_view(STACK_OF(X509) * stack) { sk_X509_free(stack); }
inline void free_crl_stack(STACK_OF(X509_CRL) * stack) {
    sk_X509_CRL_pop_free(stack, X509_CRL_free);
}

using BioHandle = std::unique_ptr<BIO, OpenSslDeleter<BIO_free_all>>;
using CmsHandle = std::unique_ptr<CMS_ContentInfo, OpenSslDeleter<CMS_ContentInfo_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, OpenSslDeleter<EVP_PKEY_free>>;
using KeyContextHandle = std::unique_ptr<EVP_PKEY_CTX, OpenSslDeleter<EVP_PKEY_CTX_free>>;
using DigestContextHandle = std::unique_ptr<EVP_MD_CTX, OpenSslDeleter<EVP_MD_CTX_free>>;
using CertificateHandle = std::unique_ptr<X509, OpenSslDeleter<X509_free>>;
using CrlHandle = std::unique_ptr<X509_CRL, OpenSslDeleter<X509_CRL_free>>;
using RequestHandle = std::unique_ptr<X509_REQ, OpenSslDeleter<X509_REQ_free>>;
using StoreHandle = std::unique_ptr<X509_STORE, OpenSslDeleter<X509_STORE_free>>;
using StoreContextHandle = std::unique_ptr<X509_STORE_CTX, OpenSslDeleter<X509_STORE_CTX_free>>;
using Pkcs12Handle = std::unique_ptr<PKCS12, OpenSslDeleter<PKCS12_free>>;
// Owns its certificates.
using CertificateStack = std::unique_ptr<STACK_OF(X509), OpenSslDeleter<free_certificate_stack>>;
// Borrows its certificates.
using CertificateStackView = std::unique_ptr<STACK_OF(X509), OpenSslDeleter<free_certificate_view>>;
using CrlStack = std::unique_ptr<STACK_OF(X509_CRL), OpenSslDeleter<free_crl_stack>>;

// Throws Error(crypto) "<message> (<OpenSSL's first reason>)" and empties OpenSSL's error queue.
[[noreturn]] void throw_openssl(const std::string& message, const std::string& hint = {});

// A source that reads `bytes`, which must outlive it.
BioHandle memory_bio(ByteView bytes);

// For PEM that has no business being encrypted. Without a callback OpenSSL would ask for a
// passphrase on the terminal, at the word of a hostile file.
inline int no_passphrase(char*, int, int, void*) { return -1; }

// What was written to a memory sink (BIO_s_mem) so far.
std::string text_of(BIO* bio);

// RFC 2253 form, letters of all scripts as they are; empty when it cannot be said.
std::string text_of(const X509_NAME* name);

// The DER form of an object by its i2d function.
template <auto encode, typename T>
Bytes der_of(const T* object, const char* what) {
    unsigned char* data = nullptr;
    const int size = encode(object, &data);
    if (size < 0) throw_openssl(std::string("cannot encode ") + what);
    Bytes der(data, data + size);
    OPENSSL_free(data);
    return der;
}

}  // namespace evidence
