// Verification of a sealed package (evidence-package(5)): everything is re-derived, from the bytes
// of each ZIP header to every record of a captured tree and every link of the custody chain.
//
// Reads the file a few times where it is small and once where it is large; memory does not grow
// with the package. Thread rule: independent calls may run in parallel.
#pragma once

#include <set>

#include "base/context.h"
#include "base/file.h"
#include "signature/trust.h"
#include "verification/report.h"

namespace evidence {

// What weighs more than usual when it is missing.
enum class Requirement {
    timestamp,  // timestamp.absent becomes indeterminate
};

struct VerificationOptions {
    const TrustStore* trust = nullptr;  // not owned; nullptr: no anchor was given
    const TrustStore* authorities =
        nullptr;  // of time-stamps, not owned; nullptr: those of `trust`
    std::set<Requirement> required = {};

    // Whom to believe about time-stamps.
    const TrustStore& anchors_of_time() const;

    Weight weight_of_absent_time_stamp() const {
        return required.count(Requirement::timestamp) > 0 ? Weight::indeterminate : Weight::info;
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
