// Digest and signature algorithms that may stand in a signature file (RFC 5754, RFC 4056).
#pragma once

#include <optional>
#include <string>

#include "digest/algorithm.h"
#include "signature/cms_structure.h"

namespace evidence {

// SHA-256, SHA-384 or SHA-512 with parameters absent or NULL; nullopt for anything else.
std::optional<Algorithm> allowed_digest(const CmsAlgorithm& algorithm);

// Signers of ours make the salt as long as the digest (RFC 4055 section 3.1); time-stamping
// authorities may make it longer, as openssl by itself does.
enum class PssSalt { as_digest, at_least_digest };

// Empty for ECDSA, RSASSA-PKCS1-v1_5 or RSASSA-PSS over exactly that digest, with MGF1 over it as
// well; else what is wrong, in words. Error(malformed) for parameters that are no DER.
std::string signature_fault(const CmsAlgorithm& algorithm, Algorithm digest, PssSalt rule);

}  // namespace evidence
