// What a reader insists on (evidence-verify --require): what otherwise is only said in the summary
// makes the verdict INDETERMINATE when it is missing.
//
// Thread rule: plain functions and values.
#pragma once

#include <cstdint>
#include <set>
#include <string_view>

namespace evidence {

enum class Requirement {
    timestamp,             // timestamp.absent, timestamps that do not hold
    outside_head,          // custody.no-outside-head
    signed_events,         // custody.unsigned-events, custody.signer-untrusted
    complete_acquisition,  // acquisition.omitted-files, .changed-files
};

std::string_view name_of(Requirement requirement);  // "outside-head"

inline constexpr unsigned max_required_signers = 100;

struct Requirements {
    std::set<Requirement> names;
    unsigned signers = 0;  // distinct ones whose signature over the package and identity hold

    bool empty() const { return names.empty() && signers == 0; }
    bool has(Requirement requirement) const { return names.contains(requirement); }
    // One of a list: "timestamp", "signers=2". Error(usage) naming what there is.
    void add(std::string_view text);
};

}  // namespace evidence
