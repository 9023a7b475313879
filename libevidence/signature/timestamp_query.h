// Questions to a time-stamping authority (RFC 3161 section 2.4.1, TimeStampReq): version 1, the
// digest of what is to be stamped, a nonce of 128 random bits, and the wish that the authority's
// certificate be inside the answer. The channel to the authority is a matter for the caller.
//
// Thread rule: free functions and values.
#pragma once

#include <string>

#include "base/context.h"
#include "digest/algorithm.h"

namespace evidence {

inline constexpr std::size_t timestamp_query_max_bytes = 64 * kib;

struct TimestampQuery {
    Algorithm algorithm = Algorithm::sha256;
    Bytes imprint;       // the digest
    std::string policy;  // "1.3.6.1.4.1.13762.3", or empty: the authority's own choice
    Bytes nonce;         // content of a DER INTEGER, positive; empty: none
};

// Asks about `content` under SHA-256 or better. Error(usage) for any other algorithm.
TimestampQuery make_timestamp_query(ByteView content, Algorithm algorithm,
                                    const std::string& policy, RandomSource& random);

// DER of the question. Error(usage) when the policy is no object identifier.
Bytes encode_timestamp_query(const TimestampQuery& query);

// Reads a question back; Error(malformed) when it is none that the function above makes.
TimestampQuery parse_timestamp_query(ByteView der);

}  // namespace evidence
