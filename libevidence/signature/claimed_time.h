// Who made a detached signature, when nothing but the signer's own word says when.
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

}  // namespace evidence
