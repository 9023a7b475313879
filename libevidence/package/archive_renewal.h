// Archive time-stamps (level LTA, ETSI EN 319 162-1 and EN 319 122-1): before the newest time-stamp
// of a package loses its force a newer one goes behind it, over every file that stands before. Only
// the tail of the file is written anew, and nothing that stands in the package changes.
//
// Thread rule: free functions; one thread at a time per package.
#pragma once

#include "base/context.h"
#include "package/timestamp_attachment.h"

namespace evidence {

struct PendingArchive {
    PendingTimestamp time_stamp;
    // What the newest time-stamp in the package says; the next one cannot be older.
    TimestampFacts newest;
};

// The manifest that the next archive time-stamp is made over, its digests by `algorithm` (SHA-256,
// SHA-384 or SHA-512). Reads the whole package. Error(refused), with nothing changed, when it is
// not whole, has no time-stamps yet, or holds other bytes than were sealed; Error(usage) for
// another algorithm.
PendingArchive pending_archive_time_stamp(const fs::path& package, Algorithm algorithm,
                                          const Context& context);

// Puts a token over that manifest behind what stands there; crash-safe like append_entries.
// Error(refused), with nothing changed, when require_timestamp would refuse the token or it is
// older than what it covers. Returns what the token says.
TimestampFacts attach_archive_time_stamp(const fs::path& package, const PendingArchive& pending,
                                         Bytes token, const TrustStore* authorities,
                                         std::string_view from);

}  // namespace evidence
