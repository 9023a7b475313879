#include "verification/report_output.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/hex.h"
#include "base/printable.h"
#include "base/utf8.h"
#include "verification/finding_sentences.h"
#include "verification/report_disclosure.h"
#include "verification/report_words.h"
#include "verification/sub_indication.h"

namespace evidence {
namespace {

std::string_view json_state(const VerificationReport& report, Layer layer) {
    switch (state_of(report, layer)) {
        case LayerState::failed:
            return "failed";
        case LayerState::not_established:
            return "indeterminate";
        case LayerState::not_checked:
            return "not-checked";
        default:
            return "passed";
    }
}

Json layers_json(const VerificationReport& report) {
    Json layers = Json::object({});
    for (Layer layer : all_layers) {
        layers.set(name_of(layer), json_state(report, layer));
    }
    return layers;
}

// A plain bag has no signature whose validation they could be about.
std::string_view sub_indication(const VerificationReport& report, const Finding& finding) {
    return report.kind == TargetKind::bag ? "" : sub_indication_of(finding);
}

Json finding_json(const VerificationReport& report, const Finding& finding) {
    Json json = Json::object({{"code", finding.code},
                              {"layer", name_of(finding.layer)},
                              {"message", json_text(finding.message)},
                              {"weight", name_of(finding.weight)},
                              {"where", json_text(finding.where)}});
    const std::string_view name = sub_indication(report, finding);
    if (!name.empty()) json.set("sub_indication", name);
    return json;
}

Json object_json(const VerifiedObject& object, bool in_package) {
    Json json = Json::object({{"digest_recomputed", object.digest_recomputed},
                              {"entries", object.entries},
                              {"intact", object.intact},
                              {"item", json_text(object.item)},
                              {"kind", json_text(object.kind)},
                              {"name", json_text(object.name)},
                              {"sha256", object.sha256},
                              {"size_bytes", object.size_bytes}});
    if (in_package) json.set("offset_in_package_bytes", object.offset_in_package_bytes);
    return json;
}

Json signer_json(const VerificationReport& report) {
    return Json::object({{"certificate_sha256", report.signer_certificate_sha256},
                         {"subject", json_text(report.signer_subject)}});
}

Json conditions_json(const VerificationReport& report) {
    Json list = Json::array();
    for (const Json& condition : report.conditions.items()) {
        list.push_back(Json::object(
            {{"kind", condition.text_or("kind", "")}, {"text", condition.text_or("text", "")}}));
    }
    return list;
}

Json package_json(const VerificationReport& report) {
    Json json = Json::object({{"id", json_text(report.package_id)},
                              {"manifest_sha256", report.manifest_sha256},
                              {"records", report.records}});
    if (report.created_at) json.set("created_at", format_utc(*report.created_at));
    if (report.signing_time) json.set("signing_time", format_utc(*report.signing_time));
    if (report.proven_time) json.set("proven_time", format_utc(*report.proven_time));
    if (!report.conditions.items().empty()) json.set("conditions", conditions_json(report));
    if (report.sealed_by) json.set("sealed_by", to_json(*report.sealed_by));
    if (!report.signer_certificate_sha256.empty()) {
        json.set("signer", signer_json(report));
    }
    return json;
}

Json time_stamps_json(const VerificationReport& report) {
    Json list = Json::array();
    for (const VerifiedTimestamp& token : report.time_stamps) {
        Json json = Json::object(
            {{"policy", token.policy},
             {"serial", token.serial},
             {"time", format_utc(token.time)},
             {"trusted", token.trusted},
             {"tsa", Json::object({{"certificate_sha256", token.tsa_certificate_sha256},
                                   {"subject", json_text(token.tsa_subject)}})},
             {"where", json_text(token.where)}});
        if (token.accuracy_ms) json.set("accuracy_ms", *token.accuracy_ms);
        list.push_back(std::move(json));
    }
    return list;
}

Json event_json(const ShownEvent& event) {
    Json items = Json::array();
    for (const std::string& item : event.items) items.push_back(json_text(item));
    return Json::object({{"actor", json_text(event.actor_name)},
                         {"at", format_utc(event.at)},
                         {"item_count", event.item_count},
                         {"items", items},
                         {"organization", json_text(event.actor_organization)},
                         {"place", json_text(event.place)},
                         {"reason", json_text(event.reason)},
                         {"seq", event.seq},
                         {"signed", event.is_signed},
                         {"type", event.type}});
}

Json history_json(const EventHistory& history) {
    Json events = Json::array();
    for (const ShownEvent& event : history.first()) events.push_back(event_json(event));
    for (const ShownEvent& event : history.last()) events.push_back(event_json(event));
    return events;
}

void set_items(Json& report, const ItemList& items) {
    Json list = Json::array();
    for (const VerifiedItem& item : items.kept()) list.push_back(to_json(item));
    report.set("items", std::move(list));
    report.set("items_count", items.count());
}

Json signatures_json(const VerificationReport& report) {
    Json list = Json::array();
    for (const VerifiedSignature& signature : report.signatures) {
        Json json = Json::object({{"certificate_sha256", signature.certificate_sha256},
                                  {"intact", signature.intact},
                                  {"subject", json_text(signature.subject)},
                                  {"where", json_text(signature.where)}});
        if (signature.signing_time) json.set("signing_time", format_utc(*signature.signing_time));
        if (signature.proven_time) json.set("proven_time", format_utc(*signature.proven_time));
        list.push_back(std::move(json));
    }
    return list;
}

Json custody_json(const VerificationReport& report) {
    const CustodyFacts& custody = *report.custody;
    return Json::object({{"events", custody.events},
                         {"history", history_json(report.history)},
                         {"history_omitted", report.history.omitted()},
                         {"ledger", json_text(custody.ledger)},
                         {"link", custody.link},
                         {"unsigned", custody.unsigned_events},
                         {"withheld", custody.withheld}});
}

Json checkpoint_json(const CheckpointText& checkpoint) {
    return Json::object({{"link", to_hex(checkpoint.hash)},
                         {"origin", json_text(checkpoint.origin)},
                         {"size", checkpoint.size}});
}

Json extraction_json(const ExtractionFacts& extraction) {
    return Json::object({{"extracted", extraction.extracted},
                         {"folder", json_text(extraction.folder)},
                         {"not_extracted", extraction.not_extracted}});
}

Json statement_json(const VerificationReport& report) {
    const VerifiedStatement& statement = *report.statement;
    Json json = Json::object(
        {{"kind", statement.kind}, {"sha256", statement.sha256}, {"transfer", statement.transfer}});
    if (!statement.manifest_sha256.empty()) json.set("manifest_sha256", statement.manifest_sha256);
    return json;
}

Json bag_json(const BagFacts& bag) {
    Json payload_algorithms = Json::array(), tag_algorithms = Json::array();
    for (const std::string& name : bag.payload_algorithms) payload_algorithms.push_back(name);
    for (const std::string& name : bag.tag_algorithms) tag_algorithms.push_back(name);
    return Json::object({{"declared_oxum", json_text(bag.declared_oxum)},
                         {"encoding", json_text(bag.encoding)},
                         {"fetch_entries", bag.fetch_entries},
                         {"form", bag.form},
                         {"payload_algorithms", payload_algorithms},
                         {"payload_bytes", bag.payload_bytes},
                         {"payload_files", bag.payload_files},
                         {"tag_algorithms", tag_algorithms},
                         {"tag_files", bag.tag_files},
                         {"version", json_text(bag.version)}});
}

// A warning is told below; the layer holds all the same.
LayerState shown_state(const VerificationReport& report, Layer layer) {
    const LayerState state = state_of(report, layer);
    return state == LayerState::warning ? LayerState::holds : state;
}

std::string layer_line(const VerificationReport& report, Layer layer, const Translation& words) {
    const std::string remark = printable(remark_on(report, layer, terminal_figures, words));
    return fmt::format("  {:<12} {}{}{}\n", words_for(layer, words),
                       words_for(shown_state(report, layer), words), remark.empty() ? "" : ": ",
                       remark);
}

std::string finding_line(const VerificationReport& report, const Finding& finding,
                         const Translation& words) {
    std::string message = printable(finding.message);
    if (words.language() != "en") {
        message = fmt::format("{} ({})", sentence_for(finding.code, words), message);
    }
    const std::string_view name = sub_indication(report, finding);
    if (!name.empty()) message += fmt::format(" ({})", name);
    return fmt::format("{}: {}: {}{}{}\n", words_for(finding.weight, words), finding.code,
                       printable(finding.where), finding.where.empty() ? "" : ": ", message);
}

std::string object_line(const VerifiedObject& object, const Translation& words) {
    return fill(words.text("object: {name}  {item}  {size} bytes  sha256 {sha256}  {state}"),
                {{"name", printable(object.name)},
                 {"item", printable(object.item)},
                 {"size", std::to_string(object.size_bytes)},
                 {"sha256", object.sha256},
                 {"state", object.intact ? words.text("intact") : words.text("NOT INTACT")}}) +
           "\n";
}

std::string extraction_line(const ExtractionFacts& extraction, const Translation& words) {
    return fmt::format("  {:<12} {}\n", words.text("extracted"),
                       fill(words.text("{count} names to {folder}, {rest} not (extraction.json)"),
                            {{"count", std::to_string(extraction.extracted)},
                             {"folder", printable(extraction.folder)},
                             {"rest", std::to_string(extraction.not_extracted)}}));
}

// The verdict itself is a term of the standard, the same in every language.
std::string head_lines(const VerificationReport& report, const Translation& words) {
    std::string text = fmt::format("{}: {} {}\n", name_of(report.verdict()),
                                   words_for(report.kind, words), printable(report.target));
    if (words.language() != "en") text += "  " + headline_of(report, words) + "\n";
    if (!report.case_number.empty()) {
        text += fmt::format("  {:<12} {}  {}\n", words.text("case"), printable(report.case_number),
                            printable(report.case_title));
    }
    if (report.bag) {
        text += fmt::format("  {:<12} {}\n", words.text("bag"),
                            printable(words_about(*report.bag, words)));
    }
    return text;
}

}  // namespace

std::string report_text(const VerificationReport& report, bool verbose, const Translation& words) {
    std::string text = head_lines(report, words) + disclosure_lines(report, words);
    for (Layer layer : all_layers) {
        if (report.layers.count(layer)) text += layer_line(report, layer, words);
    }
    if (report.extraction) {
        text += extraction_line(*report.extraction, words);
    }
    for (const Finding& finding : report.findings.all()) {
        if (finding.weight == Weight::info && !verbose) continue;
        text += finding_line(report, finding, words);
    }
    if (report.findings.dropped() > 0) {
        text += fill(words.plural("and {count} more finding of the same kinds",
                                  "and {count} more findings of the same kinds",
                                  report.findings.dropped()),
                     {{"count", std::to_string(report.findings.dropped())}}) +
                "\n";
    }
    if (verbose) {
        for (const VerifiedObject& object : report.objects) text += object_line(object, words);
    }
    return text;
}

Json report_json(const VerificationReport& report) {
    Json findings = Json::array(), objects = Json::array();
    for (const Finding& finding : report.findings.all())
        findings.push_back(finding_json(report, finding));
    for (const VerifiedObject& object : report.objects) {
        objects.push_back(object_json(object, report.kind == TargetKind::package));
    }
    Json json = Json::object({{"checked_at", format_utc(report.checked_at)},
                              {"findings", findings},
                              {"findings_dropped", std::uint64_t{report.findings.dropped()}},
                              {"format", "evidence-verification/1"},
                              {"kind", name_of(report.kind)},
                              {"layers", layers_json(report)},
                              {"objects", objects},
                              {"target", json_text(report.target)},
                              {"verdict", name_of(report.verdict())}});
    const std::string_view name = sub_indication_of(report.findings);
    if (!name.empty() && report.kind != TargetKind::bag) json.set("sub_indication", name);
    if (!report.case_number.empty()) {
        json.set("case", Json::object({{"number", json_text(report.case_number)},
                                       {"title", json_text(report.case_title)}}));
    }
    if (report.kind == TargetKind::package) json.set("package", package_json(report));
    if (!report.signatures.empty()) json.set("signatures", signatures_json(report));
    if (!report.time_stamps.empty()) json.set("time_stamps", time_stamps_json(report));
    if (report.bag) json.set("bag", bag_json(*report.bag));
    if (report.extraction) json.set("extraction", extraction_json(*report.extraction));
    if (report.statement) json.set("statement", statement_json(report));
    if (report.checkpoint) json.set("checkpoint", checkpoint_json(*report.checkpoint));
    const bool is_paper =
        report.kind == TargetKind::statement || report.kind == TargetKind::checkpoint;
    if (is_paper && report.signing_time) {
        json.set("signer", signer_json(report));
        json.set("signing_time", format_utc(*report.signing_time));
    }
    if (report.custody) json.set("custody", custody_json(report));
    if (report.disclosure) json.set("disclosure", disclosure_json(report));
    if (report.items.count() > 0) set_items(json, report.items);
    return json;
}

}  // namespace evidence
