// Verification of time-stamp tokens (RFC 3161 and RFC 5816, profile ETSI EN 319 422): what was
// stamped, when, by whom, and everything that stands against believing it.
//
// A token is judged at the time it names. Tokens of authorities come as they are: other signed and
// unsigned attributes than those we need are passed over, as are certificates on nobody's chain.
//
// Thread rule: free functions and values; the TrustStore may serve several threads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "digest/algorithm.h"
#include "signature/trust.h"

namespace evidence {

inline constexpr std::size_t timestamp_token_max_bytes = 1024 * kib;

// What stands against a token. Each has a sub-indication of ETSI EN 319 102-1 (table 6):
//
//   malformed          FORMAT_FAILURE: no token in DER, not one signer, attributes missing
//   wrong_content      HASH_FAILURE: made for other data
//   bad_signature      SIG_CRYPTO_FAILURE: the authority's key did not make it
//   wrong_certificate  NO_SIGNING_CERTIFICATE_FOUND: not inside, or not the one that was meant
//   weak_algorithm     CRYPTO_CONSTRAINTS_FAILURE_NO_POE: digest, signature or key below the rules
//   no_chain           NO_CERTIFICATE_CHAIN_FOUND: no way to a trust anchor
//   chain_failure      CERTIFICATE_CHAIN_GENERAL_FAILURE: a certificate or list breaks a rule
//   wrong_usage        CHAIN_CONSTRAINTS_FAILURE: not for time-stamping and nothing else
//   expired, not_yet_valid  EXPIRED, NOT_YET_VALID: at the time of stamping
//   revoked            REVOKED: before the time of stamping
//   revoked_later      REVOKED_NO_POE: after it, but who held the key then could stamp backwards
enum class TimestampFault {
    malformed,
    wrong_content,
    bad_signature,
    wrong_certificate,
    weak_algorithm,
    no_chain,
    chain_failure,
    wrong_usage,
    expired,
    not_yet_valid,
    revoked,
    revoked_later,
};

std::string_view name_of(TimestampFault fault);            // "wrong-content"
std::string_view sub_indication_of(TimestampFault fault);  // "HASH_FAILURE"
// Failed when the token is shown to be wrong, indeterminate when something is missing to tell.
Weight weight_of(TimestampFault fault);

struct TimestampProblem {
    TimestampFault fault;
    std::string message;  // plain words, as in findings
};

struct TimestampFacts {
    UtcTime time;                             // rounded down to the millisecond
    std::optional<std::int64_t> accuracy_ms;  // rounded up; absent: the policy says, or nobody
    std::string policy;                       // "1.3.6.1.4.1.13762.3"
    std::string serial;                       // hex
    Certificate tsa;
    bool operator==(const TimestampFacts&) const = default;
};

struct TimestampCheck {
    std::vector<TimestampProblem> problems;
    // As far as they could be read; only claims while there are problems.
    std::optional<TimestampFacts> facts;

    bool is_trusted() const { return facts && problems.empty(); }
};

// Checks a token over `content`. `authorities` holds the trust anchors of time-stamping authorities
// and the revocation lists at hand.
TimestampCheck check_timestamp(ByteView token, ByteView content, const TrustStore& authorities);

// The same for content of which only the digest is at hand; a token over a digest by another
// algorithm is made for other data.
TimestampCheck check_timestamp(ByteView token, Algorithm algorithm, ByteView digest,
                               const TrustStore& authorities);

}  // namespace evidence
