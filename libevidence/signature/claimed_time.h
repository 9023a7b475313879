// Who made a detached signature, judged at the time that is known of it: proven by a time-stamp,
// or nothing but the signer's own word.
#pragma once

#include "signature/cms_signature.h"
#include "signature/trust.h"

namespace evidence {

// TrustStore::check for the signer of a signature whose shape holds (signer is set), at `now`. A
// certificate that has expired since the claimed time of signing is certificate.expired with weight
// indeterminate: without a trusted time the moment of signing cannot be established (EN 319 102-1,
// OUT_OF_BOUNDS_NO_POE). One that was outside its validity by the signer's own words is a failure.
Findings check_signer_at_claimed_time(const TrustStore& trust, const DetachedSignature& signature,
                                      UtcTime now, std::string_view where);

// TrustStore::check for a signature that a trusted time-stamp proves to have existed at `proven`:
// what happened to the certificate later does it no harm (EN 319 102-1, proof of existence).
Findings check_signer_at_proven_time(const TrustStore& trust, const DetachedSignature& signature,
                                     UtcTime proven, std::string_view where);

}  // namespace evidence
