// What a case keeps beside its chain and can be held to: signed checkpoints, and the statements of
// its transfers.
#include "base/error.h"
#include "base/folder.h"
#include "digest/digest.h"
#include "signature/signature_time.h"
#include "transfer/signed_statement.h"
#include "transfer/statement.h"
#include "transfer/transfer_folder.h"
#include "verification/case_check.h"
#include "verification/statement_claims.h"

namespace evidence {
namespace {

constexpr std::string_view store = "custody.db";

std::string place_of(std::string_view transfer, std::string_view kind) {
    return std::string(store).append(", ").append(kind).append(" of ").append(transfer);
}

// A time-stamp proves something or nothing. Anybody may put a file there, so one that does not hold
// is no fault of the case.
void report_time(CaseCheck& check, const Finding& finding) {
    if (finding.weight < Weight::indeterminate) {
        check.report.findings.add(finding);
        return;
    }
    check.report.findings.add(
        "custody.statement-copy-invalid", Layer::custody, Weight::warning,
        "its time-stamp does not hold: " + finding.message + " (" + finding.code + ")",
        finding.where);
}

// The signature over a checkpoint or statement, and the fingerprint of who made it; none when it
// does not hold. The other side of a transfer need not be known here, so not to know somebody is a
// warning.
std::optional<std::string> check_signature(CaseCheck& check, ByteView signature,
                                           std::string_view content, const std::string& where,
                                           ByteView time_stamp = {}) {
    const DetachedSignature checked = check_detached(signature, as_bytes(content), where);
    check.report.findings.append(checked.findings);
    if (checked.findings.has_failure() || !checked.signer) return std::nullopt;
    const VerificationOptions& options = check.options;
    const SignatureJudgement judgement = judge_signature(
        checked, signature, time_stamp, options.judged_by(check.report.checked_at), where, where);
    for (const Finding& finding : judgement.time.all()) report_time(check, finding);
    if (options.anchors().has_anchors()) {
        for (const Finding& doubt : judgement.signer.all()) {
            if (doubt.weight < Weight::indeterminate) continue;
            check.report.findings.add(
                "custody.signer-untrusted", Layer::custody, Weight::warning,
                checked.signer->subject() + ": " + doubt.message + " (" + doubt.code + ")", where);
        }
    }
    return checked.signer->fingerprint();
}

void check_checkpoint(CaseCheck& check, const CheckpointRow& row) {
    const std::string where =
        std::string(store) + ", checkpoint at size " + std::to_string(row.text.size);
    check.promises.push_back({row.text.size, row.text.hash, where});
    // Without one, the signature of a package or statement covers it.
    if (row.signature.empty()) return;
    check_signature(check, row.signature, format_checkpoint(row.text), where);
}

// The store has no place for time-stamps; they lie beside the copies.
Bytes kept_time_stamp(CaseCheck& check, const StatementRow& row) {
    SignedStatement statement;
    for (const StatementKind kind : all_statement_kinds) {
        if (row.kind != name_of(kind) || !is_uuid(row.transfer)) continue;
        const fs::path folder = check.folder / "transfers" / row.transfer;
        try {
            take_time_stamp(statement, folder / document_name(kind));
        } catch (const Error& error) {
            check.report.findings.add("custody.statement-copy-invalid", Layer::custody,
                                      Weight::warning, error.message(), time_stamp_name(kind));
        }
    }
    return std::move(statement.time_stamp);
}

void check_statement(CaseCheck& check, const StatementRow& row, const std::string& origin) {
    const std::string where = place_of(row.transfer, row.kind);
    check.context.check_interrupted();
    check.statements[{row.transfer, row.kind}] = {sha256_hex(row.document), false};
    const auto signer =
        check_signature(check, row.signature, row.document, where, kept_time_stamp(check, row));
    try {
        const StatementClaims claims = parse_statement(row.document, where);
        if (name_of(claims.kind) != row.kind || claims.transfer != row.transfer) {
            check.fail("transfer.other-transfer", Layer::content,
                       "a statement of another kind or transfer", where);
        }
        if (signer && *signer != claims.signer) {
            check.fail("transfer.wrong-signer", Layer::signature,
                       "signed by another certificate than the statement names", where);
        }
        if (claims.checkpoint && claims.checkpoint->origin == origin) {
            check.promises.push_back({claims.checkpoint->size, claims.checkpoint->hash, where});
        }
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed && error.kind() != ErrorKind::unsupported) throw;
        check.fail("transfer.statement-malformed", Layer::structure, error.message(), where);
    }
}

// The copies of statements that stand in CASE/transfers/ID/. The store may have lost what they say
// together with the events: whoever cuts a ledger has to find these too. Only what its signer
// signed counts: anybody may put a file there.
void check_kept_copy(CaseCheck& check, const fs::path& document, StatementKind kind,
                     const std::string& origin) {
    const std::string where = document.lexically_relative(check.folder).native();
    if (!name_is_taken(document)) return;
    const auto disbelieve = [&](const std::string& why) {
        check.report.findings.add("custody.statement-copy-invalid", Layer::custody, Weight::warning,
                                  why, where);
    };
    try {
        const SignedStatement statement = load_statement(document);
        const StatementClaims claims = parse_statement(statement.document, where);
        if (claims.kind != kind) return disbelieve("a statement of another kind");
        const DetachedSignature checked =
            check_detached(statement.signature, as_bytes(statement.document), where);
        if (checked.findings.has_failure() || !checked.signer ||
            checked.signer->fingerprint() != claims.signer) {
            return disbelieve("not signed by whom it names");
        }
        if (!claims.checkpoint || claims.checkpoint->origin != origin) return;
        check.promises.push_back({claims.checkpoint->size, claims.checkpoint->hash, where});
    } catch (const Error& error) {
        if (error.kind() == ErrorKind::interrupted) throw;
        disbelieve(error.message());
    }
}

void check_kept_copies(CaseCheck& check, const std::string& origin) {
    constexpr StatementKind kinds[] = {StatementKind::offer, StatementKind::receipt,
                                       StatementKind::refusal, StatementKind::close};
    const fs::path folder = check.folder / "transfers";
    if (!path_exists(folder)) return;
    visit_folder(folder, [&](const fs::path& transfer) {
        check.context.check_interrupted();
        if (!fs::is_directory(fs::symlink_status(transfer))) return;
        for (StatementKind kind : kinds) {
            check_kept_copy(check, transfer / document_name(kind), kind, origin);
        }
    });
}

// The kind of statement that an event of this type names; empty for other types.
std::string_view kind_named_by(std::string_view type) {
    if (type == "offer" || type == "dispatch" || type == "receive") {
        return name_of(StatementKind::offer);
    }
    if (type == "receipt") return name_of(StatementKind::receipt);
    if (type == "refuse") return name_of(StatementKind::refusal);
    if (type == "close") return name_of(StatementKind::close);
    return {};
}

}  // namespace

void check_case_promises(CaseCheck& check, const Ledger& ledger) {
    for (const CheckpointRow& row : ledger.checkpoints()) check_checkpoint(check, row);
    const std::string origin = ledger_origin(ledger.id());
    ledger.visit_statements([&](const StatementRow& row) { check_statement(check, row, origin); });
    check_kept_copies(check, origin);
}

void check_statement_event(CaseCheck& check, const Event& event) {
    const std::string_view kind = kind_named_by(event.type);
    const std::string named = event.detail.text_or("statement_sha256", "");
    if (kind.empty() || named.empty()) return;
    const std::string transfer = event.detail.text_or("transfer", "");
    const std::string where = "event " + std::to_string(event.seq);
    const auto kept = check.statements.find({transfer, std::string(kind)});
    if (kept == check.statements.end()) {
        check.fail("custody.statement-missing", Layer::custody,
                   "the store does not have the " + std::string(kind) + " of " + transfer, where);
        return;
    }
    kept->second.recorded = true;
    if (kept->second.sha256 == named) return;
    check.fail("custody.statement-mismatch", Layer::custody,
               "names another " + std::string(kind) + " of " + transfer + " than the store has",
               where);
}

void check_unrecorded_statements(CaseCheck& check) {
    for (const auto& [name, statement] : check.statements) {
        if (statement.recorded) continue;
        check.report.findings.add("custody.statement-not-recorded", Layer::custody, Weight::warning,
                                  "no event names this statement",
                                  place_of(name.first, name.second));
    }
}

}  // namespace evidence
