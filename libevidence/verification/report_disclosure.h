// What a report says of a disclosure. Private to the room.
//
// Thread rule: plain functions.
#pragma once

#include <string>

#include "base/json.h"
#include "base/translation.h"
#include "verification/report.h"

namespace evidence {

// The member `disclosure` of the report. Precondition: report.disclosure is there.
Json disclosure_json(const VerificationReport& report);

// How much was given, and whose seal it goes back to: apart from who signed what is at hand. Empty
// when it is no disclosure.
std::string disclosure_lines(const VerificationReport& report, const Translation& words);

}  // namespace evidence
