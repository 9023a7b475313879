// What an acquisition asks of an Expert Witness (E01) set: its medium, and what the header says.
//
// Thread rule: plain functions.
#pragma once

#include "acquisition/acquire.h"

namespace evidence {

// `folder` gets the set.
EwfOptions ewf_options(const AcquireRequest& request, const Source& source, const fs::path& folder,
                       const std::string& case_number, const std::string& item, UtcTime started_at);

// Error(usage) or Error(unsupported) when there can be no such set; before anything is written.
void check_ewf_request(const AcquireRequest& request, const Source& source,
                       const std::string& case_number, const std::string& item, UtcTime started_at);

}  // namespace evidence
