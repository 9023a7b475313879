// Time-stamps for a finished package that was sealed with "timestamp":"later" (the air gap): what
// they are to be made over, and putting them in. Only the tail of the file is written anew.
//
// Thread rule: free functions; one thread at a time per package.
#pragma once

#include <string>
#include <vector>

#include "base/file.h"
#include "signature/timestamp_authority.h"

namespace evidence {

struct PendingTimestamp {
    std::string manifest_name, manifest;  // META-INF/ASiCManifest003.xml and its exact text
    std::string token_name;
};

// What is to be stamped, 003 and 004. Error(refused) when the package is not whole, is not waiting
// for time-stamps or has them already.
std::vector<PendingTimestamp> pending_time_stamps(const fs::path& package);

// Puts tokens, in any order, behind what stands there. Each is held against what is pending on the
// conditions of require_timestamp; `names` says where each came from. Error(refused), with nothing
// changed, unless there is exactly one for each. Crash-safe like append_entries. Returns what the
// first of them says.
TimestampFacts attach_time_stamps(const fs::path& package, const std::vector<Bytes>& tokens,
                                  const std::vector<std::string>& names,
                                  const TrustStore* authorities);

}  // namespace evidence
