#include "signature/key_identity.h"

#include <openssl/x509.h>

#include "base/error.h"
#include "base/hex.h"
#include "digest/digest.h"

namespace evidence {

std::string key_sha256(const Certificate& certificate) {
    X509_PUBKEY* key = X509_get_X509_PUBKEY(certificate.handle());
    const int size = i2d_X509_PUBKEY(key, nullptr);
    if (size <= 0) {
        throw Error(ErrorKind::crypto, "public key cannot be encoded: " + certificate.subject());
    }
    Bytes der(static_cast<std::size_t>(size));
    unsigned char* end = der.data();
    if (i2d_X509_PUBKEY(key, &end) != size) {
        throw Error(ErrorKind::crypto, "public key cannot be encoded: " + certificate.subject());
    }
    return to_hex(sha256(der));
}

}  // namespace evidence
