// Verification of a transfer folder without keys: statements, signatures, parts.
#include "base/error.h"
#include "transfer/transfer_check.h"
#include "transfer/transfer_folder.h"
#include "verification/verify_target.h"

namespace evidence {
namespace {

// For people; what is wrong with one is a finding of check_transfer.
std::vector<ShownStatement> statements_in(const fs::path& folder) {
    std::vector<ShownStatement> statements;
    for (StatementKind kind : all_statement_kinds) {
        const std::string name = document_name(kind);
        try {
            const std::string text =
                read_small_file(File::open_regular(folder / name), statement_max_bytes);
            statements.push_back(
                {std::string(name_of(kind)), parse_canonical_document(text, name)});
        } catch (const Error& error) {
            // Not there, or not in its form.
            if (error.kind() != ErrorKind::not_found && error.kind() != ErrorKind::malformed) throw;
        }
    }
    return statements;
}

}  // namespace

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
    report.statements = statements_in(folder);
    if (options.required.count(Requirement::timestamp) > 0) {
        report.findings.add("timestamp.absent", Layer::time, options.weight_of_absent_time_stamp(),
                            "the times of the statements are only their signers' word");
    }
    return report;
}

}  // namespace evidence
