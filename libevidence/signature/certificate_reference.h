// The signed attribute signing-certificate-v2 (RFC 5035): which certificate the signer meant, and
// which issuers above it, by digest.
#pragma once

#include <vector>

#include "signature/certificate.h"

typedef struct evp_md_st EVP_MD;

namespace evidence {

// DER of SigningCertificateV2. The issuers are named too, so that no byte of any certificate in a
// signature file can change unnoticed; `with_serials` adds issuer names and serial numbers.
Bytes certificate_reference(const Certificate& signer, const std::vector<Certificate>& issuers,
                            const EVP_MD* digest, bool with_serials);

}  // namespace evidence
