// Who made a detached signature, judged at the time that is known of it: proven by a time-stamp,
// or nothing but the signer's own word (EN 319 102-1 clauses 5.5 and 5.6).
//
// A time-stamp proves that a signature is not younger than the token, never that it is not older.
// So a certificate that had expired, or was revoked, at that time but not yet at the time of
// signing that the signer claims is a doubt and no failure:
//
//   certificate.expired              (indeterminate) OUT_OF_BOUNDS_NO_POE
//   certificate.expired-not-revoked  (indeterminate) OUT_OF_BOUNDS_NOT_REVOKED: the same, with a
//                                    revocation list that does not name it
//   certificate.revoked              (indeterminate) REVOKED_NO_POE
//
// Out of its validity or revoked by the signer's own words is a failure, as in TrustStore::check.
#pragma once

#include "signature/cms_signature.h"
#include "signature/trust.h"

namespace evidence {

// TrustStore::check for the signer of a signature whose shape holds (signer is set), at `now`.
Findings check_signer_at_claimed_time(const TrustStore& trust, const DetachedSignature& signature,
                                      UtcTime now, std::string_view where);

// The same for a signature that a trusted time-stamp proves to have existed at `proven`: what
// happened to the certificate later does it no harm.
Findings check_signer_at_proven_time(const TrustStore& trust, const DetachedSignature& signature,
                                     UtcTime proven, std::string_view where);

}  // namespace evidence
