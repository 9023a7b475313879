// The sub-indications of ETSI EN 319 102-1 (tables 5 and 6) for our findings: the words in which a
// validator elsewhere says the same. Where the standard and we weigh a thing differently, ours is
// the graver verdict: what is shown to be wrong fails here.
//
// Thread rule: free functions.
#pragma once

#include <string_view>

#include "base/finding.h"

namespace evidence {

// "HASH_FAILURE"; empty for findings that decide nothing and for what the standard does not know.
std::string_view sub_indication_of(const Finding& finding);

// That of the verdict: of the first finding as heavy as the verdict that has one; else empty.
std::string_view sub_indication_of(const Findings& findings);

}  // namespace evidence
