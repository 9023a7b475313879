#include "transfer/statement.h"

#include <algorithm>

#include "base/context.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/json.h"
#include "custody/ledger.h"
#include "transfer/document_reader.h"
#include "transfer/part_list.h"

namespace evidence {
namespace {

// Writing. What is absent is null, so that a document always has the same members.

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json list_to_json(const std::vector<std::string>& texts) {
    Json list = Json::array();
    for (const std::string& text : texts) list.push_back(text);
    return list;
}

Json checkpoint_to_json(const std::optional<CheckpointText>& checkpoint) {
    if (!checkpoint) return {};
    const std::size_t prefix = ledger_origin({}).size();
    return Json::object({{"ledger", checkpoint->origin.substr(prefix)},
                         {"link", to_hex(checkpoint->hash)},
                         {"size", checkpoint->size}});
}

Json package_to_json(const PackageFacts& package) {
    return Json::object({{"file_sha256", package.file_sha256}, {"size_bytes", package.size_bytes}});
}

Json certificate_to_json(const std::string& fingerprint) {
    return Json::object({{"certificate_sha256", fingerprint}});
}

// Reading.

bool is_ledger_id(std::string_view text) { return is_hex(text, 32); }

std::optional<CheckpointText> checkpoint_of(const DocumentReader& document) {
    if (document.is_null("checkpoint")) return std::nullopt;
    const DocumentReader reader = document.object("checkpoint");
    reader.require_members({"ledger", "link", "size"});
    CheckpointText checkpoint;
    checkpoint.origin = ledger_origin(reader.text("ledger", is_ledger_id, "32 hex digits"));
    checkpoint.size = reader.size("size");
    const std::optional<Bytes> link = from_hex(reader.digest("link"));
    std::copy(link->begin(), link->end(), checkpoint.hash.begin());
    return checkpoint;
}

PackageFacts package_of(const DocumentReader& document) {
    const DocumentReader reader = document.object("package");
    reader.require_members({"file_sha256", "size_bytes"});
    return {reader.digest("file_sha256"), reader.size("size_bytes")};
}

std::string certificate_of(const DocumentReader& document, std::string_view party) {
    const DocumentReader reader = document.object(party);
    reader.require_members({"certificate_sha256"});
    return reader.digest("certificate_sha256");
}

std::optional<Verdict> verdict_of(const DocumentReader& document) {
    if (document.is_null("verdict")) return std::nullopt;
    for (Verdict verdict : {Verdict::total_passed, Verdict::indeterminate, Verdict::total_failed}) {
        const auto any = [](std::string_view) { return true; };
        if (document.text("verdict", any, "a verdict") == name_of(verdict)) return verdict;
    }
    document.fail("wrong value", "verdict", "a verdict");
}

// A receipt says that the package held; a refusal need not have looked.
void check_verdict(const Answer& answer, const DocumentReader& reader) {
    if (answer.kind() == StatementKind::refusal) return;
    if (!answer.verdict || *answer.verdict == Verdict::total_failed) {
        reader.fail("wrong value", "verdict", "TOTAL-PASSED or INDETERMINATE");
    }
    if (answer.conditions_sha256.empty()) {
        reader.fail("wrong value", "conditions_sha256", "64 hex digits");
    }
}

void check_part_counts(const Offer& offer, const DocumentReader& reader) {
    if (!is_part_size(offer.part_size_bytes)) {
        reader.fail("wrong value", "part_size_bytes", "65536 to 67108864");
    }
    if (offer.parts == 0 || offer.parts > max_parts ||
        offer.parts != part_count(offer.package.size_bytes, offer.part_size_bytes)) {
        reader.fail("wrong value", "parts", "the package size divided by the part size");
    }
}

}  // namespace

std::string_view name_of(StatementKind kind) {
    switch (kind) {
        case StatementKind::offer:
            return "offer";
        case StatementKind::receipt:
            return "receipt";
        case StatementKind::refusal:
            return "refusal";
        case StatementKind::close:
            return "close";
    }
    return {};
}

std::string_view format_of(StatementKind kind) {
    switch (kind) {
        case StatementKind::offer:
            return "evidence-offer/1";
        case StatementKind::receipt:
            return "evidence-receipt/1";
        case StatementKind::refusal:
            return "evidence-refusal/1";
        case StatementKind::close:
            return "evidence-close/1";
    }
    return {};
}

bool is_statement_code(std::string_view text) {
    return !text.empty() && text.size() <= 64 &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == text.npos;
}

bool is_media_text(std::string_view text) {
    return !text.empty() && text.size() <= 200 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

std::string format_offer(const Offer& offer) {
    return canonical(Json::object({
               {"answer_by", offer.answer_by ? Json(format_utc(*offer.answer_by)) : Json()},
               {"checkpoint", checkpoint_to_json(offer.checkpoint)},
               {"created_at", format_utc(offer.created_at)},
               {"format", format_of(StatementKind::offer)},
               {"key_sha256", text_or_null(offer.key_sha256)},
               {"manifest_sha256", offer.manifest_sha256},
               {"package", package_to_json(offer.package)},
               {"part_size_bytes", offer.part_size_bytes},
               {"parts", offer.parts},
               {"parts_sha256", offer.parts_sha256},
               {"recipients", list_to_json(offer.recipients)},
               {"sender", certificate_to_json(offer.sender)},
               {"transfer", offer.transfer},
           })) +
           "\n";
}

std::string format_answer(const Answer& answer) {
    Json json = Json::object({
        {"at", format_utc(answer.at)},
        {"checkpoint", checkpoint_to_json(answer.checkpoint)},
        {"conditions_sha256", text_or_null(answer.conditions_sha256)},
        {"findings", list_to_json(answer.findings)},
        {"format", format_of(answer.kind())},
        {"manifest_sha256", answer.manifest_sha256},
        {"media", text_or_null(answer.media)},
        {"offer_sha256", answer.offer_sha256},
        {"offer_signature_sha256", answer.offer_signature_sha256},
        {"package", package_to_json(answer.package)},
        {"recipient", certificate_to_json(answer.recipient)},
        {"transfer", answer.transfer},
        {"verdict", answer.verdict ? Json(name_of(*answer.verdict)) : Json()},
    });
    if (answer.kind() == StatementKind::refusal) json.set("reason", answer.reason);
    return canonical(json) + "\n";
}

std::string format_close(const Close& close) {
    return canonical(Json::object({
               {"at", format_utc(close.at)},
               {"checkpoint", checkpoint_to_json(close.checkpoint)},
               {"format", format_of(StatementKind::close)},
               {"receipt_sha256", close.receipt_sha256},
               {"receipt_signature_sha256", close.receipt_signature_sha256},
               {"sender", certificate_to_json(close.sender)},
               {"transfer", close.transfer},
           })) +
           "\n";
}

Offer parse_offer(std::string_view text, std::string_view where) {
    const Json json = parse_canonical_document(text, where);
    const DocumentReader reader(json, where);
    reader.require_format(format_of(StatementKind::offer));
    reader.require_members({"answer_by", "checkpoint", "created_at", "format", "key_sha256",
                            "manifest_sha256", "package", "part_size_bytes", "parts",
                            "parts_sha256", "recipients", "sender", "transfer"});
    Offer offer;
    offer.answer_by = reader.time_or_null("answer_by");
    offer.checkpoint = checkpoint_of(reader);
    offer.created_at = reader.time("created_at");
    offer.key_sha256 = reader.digest_or_null("key_sha256");
    offer.manifest_sha256 = reader.digest("manifest_sha256");
    offer.package = package_of(reader);
    offer.part_size_bytes = reader.size("part_size_bytes");
    offer.parts = reader.size("parts");
    check_part_counts(offer, reader);
    offer.parts_sha256 = reader.digest("parts_sha256");
    offer.recipients = reader.list("recipients", transfer_max_recipients, is_sha256_hex);
    if (offer.recipients.empty()) reader.fail("wrong value", "recipients", "at least one");
    offer.sender = certificate_of(reader, "sender");
    offer.transfer = reader.text("transfer", is_uuid, "a UUID");
    return offer;
}

Answer parse_answer(std::string_view text, std::string_view where) {
    const Json json = parse_canonical_document(text, where);
    const DocumentReader reader(json, where);
    const Json* format = json.find("format");
    const bool is_refusal = format && *format == Json(format_of(StatementKind::refusal));
    Answer answer;
    if (is_refusal) {
        reader.require_members({"at", "checkpoint", "conditions_sha256", "findings", "format",
                                "manifest_sha256", "media", "offer_sha256",
                                "offer_signature_sha256", "package", "reason", "recipient",
                                "transfer", "verdict"});
        answer.reason = reader.text("reason", is_statement_code, "a code");
    } else {
        reader.require_format(format_of(StatementKind::receipt));
        reader.require_members({"at", "checkpoint", "conditions_sha256", "findings", "format",
                                "manifest_sha256", "media", "offer_sha256",
                                "offer_signature_sha256", "package", "recipient", "transfer",
                                "verdict"});
    }
    answer.at = reader.time("at");
    answer.checkpoint = checkpoint_of(reader);
    answer.conditions_sha256 = reader.digest_or_null("conditions_sha256");
    answer.findings = reader.list("findings", statement_max_codes, is_statement_code);
    answer.manifest_sha256 = reader.digest("manifest_sha256");
    answer.media = reader.text_or_null("media", is_media_text, "printable ASCII or null");
    answer.offer_sha256 = reader.digest("offer_sha256");
    answer.offer_signature_sha256 = reader.digest("offer_signature_sha256");
    answer.package = package_of(reader);
    answer.recipient = certificate_of(reader, "recipient");
    answer.transfer = reader.text("transfer", is_uuid, "a UUID");
    answer.verdict = verdict_of(reader);
    check_verdict(answer, reader);
    return answer;
}

Close parse_close(std::string_view text, std::string_view where) {
    const Json json = parse_canonical_document(text, where);
    const DocumentReader reader(json, where);
    reader.require_format(format_of(StatementKind::close));
    reader.require_members({"at", "checkpoint", "format", "receipt_sha256",
                            "receipt_signature_sha256", "sender", "transfer"});
    Close close;
    close.at = reader.time("at");
    close.checkpoint = checkpoint_of(reader);
    close.receipt_sha256 = reader.digest("receipt_sha256");
    close.receipt_signature_sha256 = reader.digest("receipt_signature_sha256");
    close.sender = certificate_of(reader, "sender");
    close.transfer = reader.text("transfer", is_uuid, "a UUID");
    return close;
}

}  // namespace evidence
