// The pinned shape of our signature files, as far as it can be judged without cryptography.
// Private to check_detached; the codes are listed in cms_signature.h.
#pragma once

#include <optional>

#include "base/finding.h"
#include "base/utc_time.h"
#include "digest/algorithm.h"
#include "signature/cms_structure.h"

namespace evidence {

// What the rules read on their way, set when no finding was added.
struct SignedFacts {
    Algorithm digest_algorithm = Algorithm::sha256;
    ByteView message_digest;
    ByteView certificate_reference;  // DER of SigningCertificateV2
    UtcTime signing_time;
    ByteView signature;   // its value
    ByteView time_stamp;  // DER of the token in the signature-time-stamp attribute, or empty
};

SignedFacts check_shape(const CmsSignedData& cms, std::string_view where, Findings& findings);

}  // namespace evidence
