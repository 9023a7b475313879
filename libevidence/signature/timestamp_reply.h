// Answers of a time-stamping authority (RFC 3161 section 2.4.2, TimeStampResp). Whether the
// authority is to be believed is a matter for check_timestamp.
//
// Thread rule: free functions.
#pragma once

#include <string_view>

#include "signature/timestamp_query.h"

namespace evidence {

inline constexpr std::size_t timestamp_reply_max_bytes = 1024 * kib;

// The token (DER of a ContentInfo) in `reply`, once it is seen to answer `query`: same digest, same
// nonce, the policy asked for. `from` is quoted in errors.
// Error(refused) when the authority refuses, with the reasons it gives, or when the token answers
// another query; Error(malformed) when this is no reply in DER or too large.
Bytes take_timestamp_token(ByteView reply, const TimestampQuery& query, std::string_view from);

// The same for a reply whose query is no longer at hand: digest and policy are left to the caller.
Bytes take_timestamp_token(ByteView reply, std::string_view from);

}  // namespace evidence
