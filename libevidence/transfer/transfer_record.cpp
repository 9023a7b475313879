#include "transfer/transfer_record.h"

#include <algorithm>

#include "base/error.h"
#include "custody/event_writer.h"
#include "transfer/transfer_folder.h"

namespace evidence {
namespace {

bool detail_says(const Event& event, std::string_view member, std::string_view value) {
    const Json* found = event.detail.find(member);
    return found && found->is_string() && found->string() == value;
}

// Visits the parsed events of the whole ledger.
void visit_events(const Ledger& ledger, const std::function<void(const Event&)>& visitor) {
    ledger.visit(0, ledger.head().size, [&](const LedgerLine& line) {
        if (line.event) visitor(*line.event);
    });
}

}  // namespace

void check_signing(const SigningIdentity& identity, const TransferCase* side, UtcTime now) {
    require_valid_now(identity, now);
    if (!side) return;
    EventDraft draft = side->draft;
    draft.type = "offer";  // any type will do: they all carry the same words
    check_draft(draft, side->author, now);
}

std::optional<std::vector<std::string>> items_of_package(const Ledger& ledger,
                                                         std::string_view manifest_sha256) {
    std::optional<std::vector<std::string>> items;
    visit_events(ledger, [&](const Event& event) {
        // Not `receive`: what arrived may have been refused.
        const bool names_packages =
            event.type == "seal" || event.type == "disclose" || event.type == "receipt";
        if (names_packages && detail_says(event, "manifest_sha256", manifest_sha256)) {
            if (!items) items.emplace();
            for (const std::string& item : event.items) {
                if (std::find(items->begin(), items->end(), item) == items->end()) {
                    items->push_back(item);
                }
            }
        }
    });
    return items;
}

std::optional<SignedStatement> find_statement(const Ledger& ledger, std::string_view transfer,
                                              StatementKind kind) {
    for (const StatementRow& row : ledger.statements(transfer)) {
        if (row.kind == name_of(kind)) return SignedStatement{row.document, row.signature};
    }
    return std::nullopt;
}

TransferRecord::TransferRecord(TransferCase side, std::string transfer, std::string manifest_sha256,
                               std::vector<std::string> items, const Context& context)
    : side_(std::move(side)),
      transfer_(std::move(transfer)),
      manifest_sha256_(std::move(manifest_sha256)),
      items_(std::move(items)),
      context_(context) {}

fs::path TransferRecord::folder() const { return side_.folder.transfer_folder(transfer_); }

std::optional<SignedStatement> TransferRecord::find(StatementKind kind) const {
    std::optional<SignedStatement> found = find_statement(side_.folder.ledger(), transfer_, kind);
    if (found) take_time_stamp(*found, folder() / document_name(kind));
    return found;
}

bool TransferRecord::has_event(std::string_view type) const {
    bool found = false;
    visit_events(side_.folder.ledger(), [&](const Event& event) {
        found = found || (event.type == type && detail_says(event, "transfer", transfer_));
    });
    return found;
}

void TransferRecord::require_no_other(StatementKind kind, const SignedStatement& statement) const {
    const bool is_answer = kind == StatementKind::receipt || kind == StatementKind::refusal;
    for (StatementKind other : all_statement_kinds) {
        const bool is_other_answer =
            is_answer && (other == StatementKind::receipt || other == StatementKind::refusal);
        if (other != kind && !is_other_answer) continue;
        const std::optional<SignedStatement> kept = find(other);
        if (!kept || *kept == statement) continue;
        throw Error(ErrorKind::refused, "another " + std::string(name_of(other)) +
                                            " is recorded for this transfer: " + transfer_ +
                                            " (expected the one in " + folder().native() + ")");
    }
}

void TransferRecord::keep(StatementKind kind, const SignedStatement& statement,
                          std::string_view event_type,
                          const std::optional<CheckpointText>& checkpoint) {
    require_no_other(kind, statement);
    create_folders(folder());
    if (!find(kind)) {
        LedgerEnclosures enclosures;
        enclosures.statement = {transfer_, std::string(name_of(kind)), statement.document,
                                statement.signature};
        if (checkpoint) enclosures.checkpoint = {*checkpoint, context_.clock.now(), {}};
        append(event_type, statement, enclosures);
    } else if (!has_event(event_type)) {
        append(event_type, statement);
    }
    store_statement(folder(), kind, statement);
}

void TransferRecord::append(std::string_view event_type, const SignedStatement& statement,
                            const LedgerEnclosures& enclosures) {
    EventDraft draft = side_.draft;
    draft.type = event_type;
    draft.items = items_;
    draft.detail = Json::object({{"manifest_sha256", manifest_sha256_},
                                 {"statement_sha256", statement.document_sha256()},
                                 {"transfer", transfer_}});
    side_.folder.ledger().append_each(draft, side_.author, context_, enclosures);
}

}  // namespace evidence
