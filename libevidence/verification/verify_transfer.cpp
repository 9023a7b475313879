// Verification of a transfer folder without keys: statements, signatures, parts.
#include "transfer/transfer_check.h"
#include "verification/required_elsewhere.h"
#include "verification/verify_target.h"

namespace evidence {

VerificationReport verify_transfer(const fs::path& folder, const VerificationOptions& options,
                                   const Context& context) {
    static const TrustStore nothing_given;
    VerificationReport report;
    report.target = folder.native();
    report.kind = TargetKind::transfer;
    report.checked_at = context.clock.now();
    report.layers = {Layer::structure, Layer::content, Layer::signature,
                     Layer::identity,  Layer::time,    Layer::custody};
    report.findings =
        check_transfer(folder, options.trust ? *options.trust : nothing_given, context);
    if (options.required.has(Requirement::timestamp)) {
        report.findings.add("timestamp.absent", Layer::time, options.weight_of_absent_time_stamp(),
                            "the times of the statements are only their signers' word");
    }
    require_what_is_elsewhere(options, report);
    return report;
}

}  // namespace evidence
