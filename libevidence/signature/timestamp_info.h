// What a time-stamp token says (RFC 3161 section 2.4.2, TSTInfo), as views of its DER bytes.
// Private to the room: timestamp_token.h and timestamp_reply.h are its doors.
#pragma once

#include <optional>

#include "base/utc_time.h"
#include "signature/cms_structure.h"
#include "signature/revocation_list.h"

namespace evidence {

struct TimestampInfo {
    std::string_view policy;  // content of an object identifier
    CmsAlgorithm imprint_algorithm;
    ByteView imprint;
    ByteView serial;                          // content of an INTEGER
    UtcTime time;                             // rounded down to the millisecond
    std::optional<std::int64_t> accuracy_ms;  // rounded up
    std::optional<ByteView> nonce;            // content of an INTEGER
    std::optional<ByteView> tsa;              // DER of a GeneralName
};

// Error(malformed) when this is no TSTInfo in DER, or when it has a critical extension: there is
// none that we could judge.
TimestampInfo parse_timestamp_info(ByteView der);

// A token as it is accepted: DER but for the order of the certificates. Error(malformed).
CmsSignedData parse_timestamp_token(ByteView token);

// The TSTInfo inside. Error(malformed) when the content is anything else.
TimestampInfo timestamp_info_of(const CmsSignedData& token);

// The lists inside that can be read, the first few of them; nobody vouches for them.
std::vector<RevocationList> revocation_lists_in(const CmsSignedData& token);

}  // namespace evidence
