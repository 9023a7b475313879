// A time-stamp that lies beside a signature file, over its bytes: offer.tst beside offer.p7s. It
// proves from when on the signature, and with it what is signed, is known to exist.
//
// Thread rule: free functions.
#pragma once

#include <optional>

#include "base/finding.h"
#include "signature/cms_signature.h"
#include "signature/timestamp_token.h"
#include "signature/trust.h"

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

// Whom to believe, and what time it is.
struct JudgedBy {
    const TrustStore& trust;        // about signers
    const TrustStore& authorities;  // about time
    UtcTime now;
};

struct SignatureJudgement {
    Findings time;  // SignatureTime::findings; empty without a token
    std::optional<TimestampFacts> proven;
    Findings signer;  // of claimed_time.h: at the proven time, or else at the claimed one
};

// The signer of a signature whose shape holds (signer is set), with what the token beside it
// proves; an empty `token` is none.
SignatureJudgement judge_signature(const DetachedSignature& signature, ByteView signature_file,
                                   ByteView token, const JudgedBy& by, std::string_view where,
                                   std::string_view token_where);

}  // namespace evidence
