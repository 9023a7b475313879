#include "verification/required_elsewhere.h"

#include "verification/head_comparison.h"

namespace evidence {

void require_what_is_elsewhere(const VerificationOptions& options, VerificationReport& report) {
    const auto missing = [&](const char* code, Layer layer, const char* message) {
        report.findings.add(code, layer, Weight::indeterminate, message);
        report.layers.insert(layer);
    };
    const Requirements& required = options.required;
    if (required.has(Requirement::outside_head) && !report.layers.contains(Layer::outside_heads)) {
        say_no_outside_head(options, "", report.findings);
        report.layers.insert(Layer::outside_heads);
    }
    if (required.has(Requirement::signed_events) && !report.custody) {
        missing("custody.not-checked", Layer::custody, "no event of a ledger was looked at");
    }
    if (required.has(Requirement::complete_acquisition) &&
        !report.layers.contains(Layer::acquisition)) {
        missing("acquisition.not-checked", Layer::acquisition, "no acquisition was looked at");
    }
    if (required.signers > 0 && report.kind != TargetKind::package) {
        missing("signature.too-few-signers", Layer::signature,
                "only the signers of a package are counted");
    }
}

}  // namespace evidence
