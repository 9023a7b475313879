// Whether two certificates are of one key: what names a key pair whatever was certified about it.
//
// Thread rule: a plain function.
#pragma once

#include <string>

#include "signature/certificate.h"

namespace evidence {

// SHA-256 over the DER form of SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7), hex. Error(crypto)
// when OpenSSL cannot encode it.
std::string key_sha256(const Certificate& certificate);

}  // namespace evidence
