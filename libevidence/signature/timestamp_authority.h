// Asking a time-stamping authority (RFC 3161) and believing only an answer that would hold later:
// the token answers the query, and check_timestamp has nothing against it. How queries travel is
// given from outside; the library opens no connection.
//
// Thread rule: free functions; an authority is asked by one thread at a time.
#pragma once

#include <functional>

#include "signature/timestamp_query.h"
#include "signature/timestamp_token.h"

namespace evidence {

struct TimestampAuthority {
    std::string name;    // quoted in errors: the URL
    std::string policy;  // to ask for; empty: the authority's own
    Algorithm algorithm = Algorithm::sha256;
    // The answer to a query, both DER; throws when there is none.
    std::function<Bytes(ByteView query)> exchange;
    // Whom to believe; nullptr: whoever it is, as long as everything else holds.
    const TrustStore* authorities = nullptr;
    // Finds revocation lists to put into a token (with_revocation_lists), for the authority that
    // signed it and its issuers; empty: none are wanted.
    std::function<std::vector<RevocationList>(const std::vector<Certificate>& chain)> lists = {};
};

struct Timestamp {
    Bytes token;
    TimestampFacts facts;
};

// A token over `content`, with the lists of its authority inside. Error(refused) when the authority
// refuses or its token would not hold, each reason named; Error(malformed) when its answer is none;
// and what `exchange` and `lists` throw.
Timestamp request_timestamp(const TimestampAuthority& service, ByteView content,
                            RandomSource& random);

// A token that is at hand, over `content`, on the same conditions. `from` is quoted.
Timestamp require_timestamp(Bytes token, ByteView content, const TrustStore* authorities,
                            std::string_view from);

}  // namespace evidence
