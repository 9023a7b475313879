// Digest and signature algorithms that may stand in a signature file (RFC 5754, RFC 4056).
#pragma once

#include <optional>

#include "digest/algorithm.h"
#include "signature/cms_structure.h"

namespace evidence {

// SHA-256, SHA-384 or SHA-512 with parameters absent or NULL; nullopt for anything else.
std::optional<Algorithm> allowed_digest(const CmsAlgorithm& algorithm);

// ECDSA, RSASSA-PKCS1-v1_5 or RSASSA-PSS over exactly that digest.
bool is_allowed_signature(const CmsAlgorithm& algorithm, Algorithm digest);

}  // namespace evidence
