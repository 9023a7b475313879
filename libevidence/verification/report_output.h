// A report as text for people and as JSON for programs (schemas/verification.schema.json).
#pragma once

#include <string>

#include "base/json.h"
#include "base/translation.h"
#include "verification/report.h"

namespace evidence {

// Lines ready for a terminal: everything that came from evidence is escaped. `verbose` adds the
// informative findings and the objects. In another language than English a sentence of that
// language stands before the message of each finding.
std::string report_text(const VerificationReport& report, bool verbose,
                        const Translation& words = english());

Json report_json(const VerificationReport& report);

}  // namespace evidence
