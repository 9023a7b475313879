// Until when a kind and size of key stands for anything (ETSI TS 119 312, built on the SOG-IS
// Agreed Cryptographic Mechanisms): asked about at the time from which on a signature is proven to
// exist, so that what was good then stays good. Keys for which nobody has set an end have none.
//
// Digests need no dates: below SHA-256 none is accepted, however old the signature says it is.
//
// Thread rule: free functions.
#pragma once

#include <optional>

#include "base/utc_time.h"

typedef struct evp_pkey_st EVP_PKEY;

namespace evidence {

// The first moment at which that key is no longer good; nullopt: no end is known.
std::optional<UtcTime> end_of_use(const EVP_PKEY* key);

}  // namespace evidence
