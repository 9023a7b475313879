// Verification of time-stamp tokens (RFC 3161 and RFC 5816, profile ETSI EN 319 422): what was
// stamped, when, by whom, and everything that stands against believing it.
//
// A token is judged at the time it names and at the time from which on it is known to exist:
// whoever comes by the key of an authority later can stamp into the past, so its certificate must
// have been good until a newer time-stamp covered the token, or until now. Tokens of authorities
// come as they are: other signed and unsigned attributes than those we need are passed over, as are
// certificates on nobody's chain.
//
// Thread rule: free functions and values; the TrustStore may serve several threads.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "digest/algorithm.h"
#include "signature/trust.h"

namespace evidence {

// How far the clocks of a signer and of a time-stamping authority may be apart.
inline constexpr std::int64_t time_stamp_tolerance_ms = 5 * 60 * 1000;

inline constexpr std::size_t timestamp_token_max_bytes = 8 * mib;  // lists may be long

// What stands against a token:
//
//   malformed          no token in DER, not one signer, attributes missing
//   wrong_content      made for other data
//   bad_signature      the authority's key did not make it
//   wrong_certificate  that of the authority is not inside, or not the one that was meant
//   weak_algorithm     digest, signature or key below the rules, whenever it was made
//   no_chain           no way to a trust anchor
//   chain_failure      a certificate or list breaks a rule
//   wrong_usage        not for time-stamping and nothing else
//   expired, not_yet_valid  at the time of stamping
//   revoked            at the time of stamping or before
//   revoked_later      after it, but before the token is known to exist
//   issuer_revoked     the same of an issuer above the authority
//   authority_expired  after the time of stamping, before the token is known to exist
//   algorithm_expired  a key was no longer good when the token is first known to exist
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
    issuer_revoked,
    authority_expired,
    algorithm_expired,
};

std::string_view name_of(TimestampFault fault);  // "wrong-content"
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

// "2026-11-26T04:40:00.000Z says CN=tsa (to 1500 ms, policy 1.2.3.4.1)": for people.
std::string describe(const TimestampFacts& facts);

struct TimestampCheck {
    std::vector<TimestampProblem> problems;
    // As far as they could be read; only claims while there are problems.
    std::optional<TimestampFacts> facts;

    bool is_trusted() const { return facts && problems.empty(); }
};

// Checks a token over `content`. `authorities` holds the trust anchors of time-stamping authorities
// and the revocation lists at hand; those inside the token count as well when they hold. `known_at`
// is the time from which on the token is known to exist: that of a newer time-stamp over it, or
// now. Without it the token is taken for fresh.
TimestampCheck check_timestamp(ByteView token, ByteView content, const TrustStore& authorities,
                               std::optional<UtcTime> known_at = std::nullopt);

// The same for content of which only the digest is at hand; a token over a digest by another
// algorithm is made for other data.
TimestampCheck check_timestamp(ByteView token, Algorithm algorithm, ByteView digest,
                               const TrustStore& authorities,
                               std::optional<UtcTime> known_at = std::nullopt);

// The authority that signed a token, then its issuers as far as they are inside. Error(malformed)
// or Error(crypto) when the token is none; empty when the authority is not inside.
std::vector<Certificate> authority_chain(ByteView token);

// The token with the newest list of each issuer of its authority_chain added to those inside (level
// LTA: what it takes to judge a token travels in it); no signature covers that part. A list that an
// issuer inside did not sign is left out. The token itself when nothing is to be added.
Bytes with_revocation_lists(ByteView token, const std::vector<RevocationList>& lists);

}  // namespace evidence
