// A time-stamp that lies beside a signature file, over its bytes: offer.tst beside offer.p7s. It
// proves from when on the signature, and with it what is signed, is known to exist.
//
// Thread rule: free functions.
#pragma once

#include <optional>

#include "base/finding.h"
#include "signature/cms_signature.h"
#include "signature/timestamp_token.h"

namespace evidence {

struct SignatureTime {
    // Time layer: timestamp.* as in evidence-verify(1), timestamp.valid (info) when it holds;
    // time.inconsistent (failed) when it lies in the future or before the claimed signing time.
    Findings findings;
    std::optional<TimestampFacts> proven;  // when it holds
};

// `signature` is what check_detached made of `signature_file`; `where` names the token.
SignatureTime check_signature_time(ByteView token, ByteView signature_file,
                                   const DetachedSignature& signature,
                                   const TrustStore& authorities, UtcTime now,
                                   std::string_view where);

}  // namespace evidence
