// What an acquisition record admits about itself, as findings. Private to the room.
#pragma once

#include "base/finding.h"
#include "base/json.h"
#include "verification/requirement.h"

namespace evidence {

// acquisition.unread-ranges and acquisition.unreadable-files (indeterminate: not all of the source
// is here), acquisition.source-changed (indeterminate: an object that changed while it was read),
// acquisition.expectation-missed (indeterminate: kept although size or digest were announced
// otherwise), acquisition.stored-digest-mismatch (indeterminate) and
// acquisition.stored-digest-absent (warning) about E01 sets that were taken in, acquisition.resumed
// (warning), acquisition.omitted-files, acquisition.changed-files, acquisition.source-writable,
// acquisition.preflight-failed (warning), acquisition.preflight-unknown (info). With
// Requirement::complete_acquisition omitted and changed files are indeterminate too.
void add_acquisition_findings(const Json& record, const std::string& item,
                              const Requirements& required, Findings& findings);

}  // namespace evidence
