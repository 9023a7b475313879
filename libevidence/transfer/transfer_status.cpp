#include "transfer/transfer_status.h"

#include "base/error.h"
#include "base/folder.h"
#include "transfer/answer_links.h"
#include "transfer/part_list.h"
#include "transfer/signed_statement.h"
#include "transfer/transfer_folder.h"

namespace evidence {
namespace {

struct Loaded {
    SignedStatement statement;
    StatementSigner signer;
    fs::path path;
};

std::optional<Loaded> load(const fs::path& folder, StatementKind kind) {
    const fs::path path = folder / document_name(kind);
    if (!path_exists(path)) return std::nullopt;
    SignedStatement statement = load_statement(path);
    StatementSigner signer = require_signature(statement, path);
    return Loaded{std::move(statement), std::move(signer), path};
}

void throw_first(const std::vector<TransferFault>& faults) {
    if (!faults.empty()) throw faults.front().error();
}

void count_parts(const fs::path& folder, TransferStatus& status) {
    visit_folder(folder, [&status](const fs::path& entry) {
        if (!is_part_name(entry.filename().native())) return;
        ++status.parts_present;
        std::error_code failed;
        status.bytes_present += fs::file_size(entry, failed);
        if (failed) throw_system_error(failed.value(), "cannot examine", entry.native());
    });
}

std::string line(std::string_view label, std::string_view value) {
    std::string text(label);
    text.append(12 - text.size(), ' ');
    return text.append(value) + "\n";
}

std::string answer_lines(const Answer& answer) {
    std::string text;
    if (answer.kind() == StatementKind::refusal) {
        text += line("refused", format_utc(answer.at) + ", " + answer.reason);
    } else {
        text += line("received", format_utc(answer.at));
    }
    if (answer.verdict) text += line("verdict", name_of(*answer.verdict));
    for (const std::string& code : answer.findings) text += line("finding", code);
    if (!answer.media.empty()) text += line("media", answer.media);
    return text + line("answered by", answer.recipient);
}

Json answer_json(const Answer& answer) {
    Json findings = Json::array();
    for (const std::string& code : answer.findings) findings.push_back(code);
    return Json::object({
        {"at", format_utc(answer.at)},
        {"findings", findings},
        {"kind", name_of(answer.kind())},
        {"media", answer.media.empty() ? Json() : Json(answer.media)},
        {"reason", answer.reason.empty() ? Json() : Json(answer.reason)},
        {"recipient", answer.recipient},
        {"verdict", answer.verdict ? Json(name_of(*answer.verdict)) : Json()},
    });
}

}  // namespace

std::string_view name_of(TransferStage stage) {
    switch (stage) {
        case TransferStage::offered:
            return "offered";
        case TransferStage::received:
            return "received";
        case TransferStage::refused:
            return "refused";
        case TransferStage::closed:
            return "closed";
    }
    return {};
}

TransferStage TransferStatus::stage() const {
    if (close) return TransferStage::closed;
    if (!answer) return TransferStage::offered;
    return answer->kind() == StatementKind::receipt ? TransferStage::received
                                                    : TransferStage::refused;
}

TransferStatus read_transfer_status(const fs::path& folder) {
    require_transfer_folder(folder);
    TransferStatus status;
    const std::optional<Loaded> offer = load(folder, StatementKind::offer);
    status.offer = parse_offer(offer->statement.document, offer->path.native());
    require_claimed_signer(offer->signer, status.offer.sender, offer->path);
    std::optional<Loaded> answer = load(folder, StatementKind::receipt);
    if (!answer) answer = load(folder, StatementKind::refusal);
    if (answer) {
        status.answer = parse_answer(answer->statement.document, answer->path.native());
        require_claimed_signer(answer->signer, status.answer->recipient, answer->path);
        throw_first(answer_faults(*status.answer, status.offer, offer->statement, answer->path));
    }
    if (const std::optional<Loaded> close = load(folder, StatementKind::close); close && answer) {
        status.close = parse_close(close->statement.document, close->path.native());
        require_claimed_signer(close->signer, status.close->sender, close->path);
        throw_first(close_faults(*status.close, *status.answer, answer->statement, close->path));
    }
    count_parts(folder, status);
    return status;
}

std::string status_text(const TransferStatus& status) {
    const Offer& offer = status.offer;
    std::string text = line("transfer", offer.transfer);
    text += line("stage", name_of(status.stage()));
    text += line("package", offer.manifest_sha256);
    text += line("size", std::to_string(offer.package.size_bytes) + " bytes");
    text +=
        line("parts", std::to_string(status.parts_present) + " of " + std::to_string(offer.parts) +
                          " here, " + std::to_string(status.bytes_present) + " bytes, " +
                          (offer.is_encrypted() ? "encrypted" : "in clear"));
    text += line("offered", format_utc(offer.created_at));
    if (offer.answer_by) text += line("answer by", format_utc(*offer.answer_by));
    text += line("sender", offer.sender);
    for (const std::string& recipient : offer.recipients) text += line("recipient", recipient);
    if (status.answer) text += answer_lines(*status.answer);
    if (status.close) text += line("closed", format_utc(status.close->at));
    return text;
}

Json status_json(const TransferStatus& status) {
    const Offer& offer = status.offer;
    Json recipients = Json::array();
    for (const std::string& recipient : offer.recipients) recipients.push_back(recipient);
    return Json::object({
        {"answer", status.answer ? answer_json(*status.answer) : Json()},
        {"answer_by", offer.answer_by ? Json(format_utc(*offer.answer_by)) : Json()},
        {"bytes_present", status.bytes_present},
        {"closed_at", status.close ? Json(format_utc(status.close->at)) : Json()},
        {"created_at", format_utc(offer.created_at)},
        {"encrypted", offer.is_encrypted()},
        {"format", "evidence-transfer-status/1"},
        {"manifest_sha256", offer.manifest_sha256},
        {"package", Json::object({{"file_sha256", offer.package.file_sha256},
                                  {"size_bytes", offer.package.size_bytes}})},
        {"part_size_bytes", offer.part_size_bytes},
        {"parts", offer.parts},
        {"parts_present", status.parts_present},
        {"recipients", recipients},
        {"sender", offer.sender},
        {"stage", name_of(status.stage())},
        {"transfer", offer.transfer},
    });
}

}  // namespace evidence
