#include "verification/verify_bag.h"

#include "package/package_layout.h"
#include "verification/bag_check.h"
#include "verification/bag_source.h"

namespace evidence {
namespace {

VerificationReport new_report(const std::string& target, const Context& context) {
    VerificationReport report;
    report.target = target;
    report.kind = TargetKind::bag;
    report.checked_at = context.clock.now();
    report.layers = {Layer::structure};
    return report;
}

// Who gives trust anchors, heads or requirements expects a signature, which a bag cannot have: a
// package that was forged and wrapped anew as a bag must not pass.
bool expects_signature(const VerificationOptions& options) {
    return !options.required.empty() || (options.trust && options.trust->has_anchors()) ||
           options.authorities || options.heads;
}

void add_unsigned(const VerificationOptions& options, VerificationReport& report) {
    report.findings.add("bag.unsigned", Layer::signature,
                        expects_signature(options) ? Weight::indeterminate : Weight::info,
                        "a bag has no signature: it cannot say who made it, or when");
}

void check_bag(BagSource& source, const Context& context, VerificationReport& report) {
    BagCheck(source, context, report).run();
    if (!source.was_package()) return;
    report.findings.add("bag.signatures-not-checked", Layer::signature, Weight::indeterminate,
                        "unpacked from a sealed package and verified as a bag only: its "
                        "signatures are checked on the .asice file",
                        std::string(manifest_001));
}

}  // namespace

std::optional<VerificationReport> verify_bag_folder(const fs::path& folder,
                                                    const VerificationOptions& options,
                                                    const Context& context) {
    if (!looks_like_bag(folder)) return std::nullopt;
    VerificationReport report = new_report(folder.native(), context);
    context.progress.start("verifying", std::nullopt);
    const auto source = open_bag_folder(folder, context);
    check_bag(*source, context, report);
    add_unsigned(options, report);
    context.progress.finish();
    return report;
}

std::optional<VerificationReport> verify_bag_archive(const File& file,
                                                     const VerificationOptions& options,
                                                     const Context& context) {
    VerificationReport report = new_report(file.name(), context);
    context.progress.start("verifying", std::nullopt);
    const auto source = open_bag_archive(file, context, report.findings);
    if (source) {
        // Nothing can be said about what cannot be read.
        const bool is_readable = !report.findings.has("bag.archive-encrypted") &&
                                 !report.findings.has("bag.archive-expansion");
        if (is_readable) check_bag(*source, context, report);
        add_unsigned(options, report);
    }
    context.progress.finish();
    if (!source) return std::nullopt;
    return report;
}

}  // namespace evidence
