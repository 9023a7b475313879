// A report as one HTML page for a reader who was not there: a prosecutor, a judge, a lawyer.
//
// The page stands alone: no script, no reference to anything outside, which its Content-Security-
// Policy also forbids to a browser. Whatever came from evidence is text in it (html_text.h). Every
// list is bounded and says how much it leaves out, so the page of a case of any size can be opened.
//
// Thread rule: independent calls may run in parallel if `words` allows it.
#pragma once

#include <string>

#include "base/translation.h"
#include "verification/report.h"

namespace evidence {

struct ReportPageFacts {
    std::string tool;  // "evidence-verify 0.1.0"
    // The authorities that were trusted, as the user named them: file names.
    std::vector<std::string> trust_anchors;
    // For time-stamps, when they were others; and what else the verdict depends on.
    std::vector<std::string> time_stamp_anchors = {}, revocation_lists = {}, heads = {};
    std::vector<std::string> required = {};  // "outside-head", "signers=2"
    bool quick = false;
};

std::string report_page(const VerificationReport& report, const ReportPageFacts& facts,
                        const Translation& words);

}  // namespace evidence
