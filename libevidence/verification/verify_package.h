// Verification of a sealed package (evidence-package(5)): everything is re-derived, from the bytes
// of each ZIP header to every record of a captured tree and every link of the custody chain.
//
// Reads the file a few times where it is small and once where it is large; memory does not grow
// with the package. Thread rule: independent calls may run in parallel.
#pragma once

#include "base/context.h"
#include "base/file.h"
#include "signature/signature_time.h"
#include "signature/trust.h"
#include "verification/report.h"
#include "verification/requirement.h"

namespace evidence {

class OutsideHeads;
class OriginPackage;

struct VerificationOptions {
    const TrustStore* trust = nullptr;  // not owned; nullptr: no anchor was given
    const TrustStore* authorities =
        nullptr;  // of time-stamps, not owned; nullptr: those of `trust`
    Requirements required = {};
    bool quick = false;  // pieces instead of whole digests, and so at best INDETERMINATE
    const OutsideHeads* heads = nullptr;  // to compare with, not owned; nullptr: none
    // What a disclosure was cut from, to compare with, not owned; nullptr: not at hand.
    const OriginPackage* original = nullptr;

    bool compares_heads() const { return heads || required.has(Requirement::outside_head); }
    Weight weight_if_required(Requirement requirement, Weight otherwise) const {
        return required.has(requirement) ? Weight::indeterminate : otherwise;
    }

    // Whom to believe about signers, and about time-stamps.
    const TrustStore& anchors() const;
    const TrustStore& anchors_of_time() const;
    JudgedBy judged_by(UtcTime now) const { return {anchors(), anchors_of_time(), now}; }

    Weight weight_of_absent_time_stamp() const {
        return weight_if_required(Requirement::timestamp, Weight::info);
    }
};

// Whatever is wrong with the package is a finding. Throws Error(malformed) only when the file shows
// no sign of being a package at all, Error(io) when it cannot be read.
VerificationReport verify_package(const fs::path& package, const VerificationOptions& options,
                                  const Context& context);
// The same of an open file, for a caller who reads these very bytes again.
VerificationReport verify_package(const File& package, const VerificationOptions& options,
                                  const Context& context);

}  // namespace evidence
