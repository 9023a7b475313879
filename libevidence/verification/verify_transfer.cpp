// Verification of a transfer folder without keys: statements, signatures, parts.
#include "base/error.h"
#include "base/folder.h"
#include "transfer/transfer_check.h"
#include "transfer/transfer_folder.h"
#include "verification/head_comparison.h"
#include "verification/required_elsewhere.h"
#include "verification/statement_claims.h"
#include "verification/verify_target.h"

namespace evidence {
namespace {

void require_time_stamps(const fs::path& folder, Weight weight, Findings& findings) {
    for (const StatementKind kind : all_statement_kinds) {
        if (!path_exists(folder / document_name(kind)) ||
            path_exists(folder / time_stamp_name(kind))) {
            continue;  // one that is there and does not hold has been told
        }
        findings.add("timestamp.absent", Layer::time, weight,
                     "the time of the statement is only its signer's word", document_name(kind));
    }
}

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

// The history that the sender held out is that of the offer: its checkpoint, and the package it
// names. One that is malformed has its finding.
void compare_offer(const fs::path& folder, const VerificationOptions& options,
                   VerificationReport& report) {
    ChainAtHand chain;
    chain.where = document_name(StatementKind::offer);
    try {
        const StatementClaims offer = parse_statement(
            read_small_file(File::open_regular(folder / chain.where), statement_max_bytes),
            chain.where);
        chain.manifest_sha256 = offer.manifest_sha256;
        if (offer.checkpoint) chain = chain_at(*offer.checkpoint, std::move(chain));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed && error.kind() != ErrorKind::unsupported) throw;
    }
    compare_with_heads(chain, options, report);
}

}  // namespace

VerificationReport verify_transfer(const fs::path& folder, const VerificationOptions& options,
                                   const Context& context) {
    VerificationReport report;
    report.target = folder.native();
    report.kind = TargetKind::transfer;
    report.checked_at = context.clock.now();
    report.layers = {Layer::structure, Layer::content, Layer::signature,
                     Layer::identity,  Layer::time,    Layer::custody};
    report.findings = check_transfer(folder, options.anchors(), options.anchors_of_time(), context);
    report.statements = statements_in(folder);
    if (options.required.has(Requirement::timestamp)) {
        require_time_stamps(folder, options.weight_of_absent_time_stamp(), report.findings);
    }
    if (options.compares_heads()) compare_offer(folder, options, report);
    require_what_is_elsewhere(options, report);
    return report;
}

}  // namespace evidence
