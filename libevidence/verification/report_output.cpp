#include "verification/report_output.h"

#include <fmt/format.h>

#include "base/printable.h"
#include "base/utf8.h"
#include "verification/sub_indication.h"

namespace evidence {
namespace {

// Text from a target may be any bytes; JSON wants UTF-8.
Json json_text(std::string_view text) {
    return is_valid_utf8(text) ? Json(text) : Json(printable(text));
}

std::string_view state_of(const VerificationReport& report, Layer layer) {
    switch (report.findings.heaviest(layer)) {
        case Weight::failed:
            return "failed";
        case Weight::indeterminate:
            return "indeterminate";
        default:
            return "passed";
    }
}

constexpr Layer all_layers[] = {Layer::structure,     Layer::content,     Layer::signature,
                                Layer::identity,      Layer::time,        Layer::custody,
                                Layer::outside_heads, Layer::acquisition, Layer::legal};

Json layers_json(const VerificationReport& report) {
    Json layers = Json::object({});
    for (Layer layer : all_layers) {
        layers.set(name_of(layer),
                   report.layers.count(layer) ? state_of(report, layer) : "not-checked");
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
    Json json = Json::object({{"entries", object.entries},
                              {"intact", object.intact},
                              {"item", json_text(object.item)},
                              {"kind", json_text(object.kind)},
                              {"name", json_text(object.name)},
                              {"sha256", object.sha256},
                              {"size_bytes", object.size_bytes}});
    if (in_package) json.set("offset_in_package_bytes", object.offset_in_package_bytes);
    return json;
}

Json package_json(const VerificationReport& report) {
    Json json = Json::object({{"id", json_text(report.package_id)},
                              {"manifest_sha256", report.manifest_sha256},
                              {"records", report.records}});
    if (report.created_at) json.set("created_at", format_utc(*report.created_at));
    if (report.signing_time) json.set("signing_time", format_utc(*report.signing_time));
    if (report.proven_time) json.set("proven_time", format_utc(*report.proven_time));
    if (report.sealed_by) json.set("sealed_by", to_json(*report.sealed_by));
    if (!report.signer_certificate_sha256.empty()) {
        json.set("signer", Json::object({{"certificate_sha256", report.signer_certificate_sha256},
                                         {"subject", json_text(report.signer_subject)}}));
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
             {"where", token.where}});
        if (token.accuracy_ms) json.set("accuracy_ms", *token.accuracy_ms);
        list.push_back(std::move(json));
    }
    return list;
}

Json custody_json(const CustodyFacts& custody) {
    return Json::object({{"events", custody.events},
                         {"ledger", json_text(custody.ledger)},
                         {"link", custody.link},
                         {"unsigned", custody.unsigned_events},
                         {"withheld", custody.withheld}});
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

// "BagIt 0.97 in UTF-8, md5 sha256; no signature: ..", for people.
std::string words_about_bag(const BagFacts& bag) {
    std::string words = fmt::format("BagIt {}, {}", bag.version.empty() ? "?" : bag.version,
                                    bag.encoding.empty() ? "?" : printable(bag.encoding));
    for (const std::string& name : bag.payload_algorithms) words += ", " + printable(name);
    return words + "; unsigned, so it proves nothing about who made it or when";
}

std::string words_about_proof(const VerificationReport& report) {
    if (report.proven_time) {
        return fmt::format("by {} it was there, says {}", format_utc(*report.proven_time),
                           printable(report.proven_by));
    }
    return report.time_stamps.empty() ? "nobody else" : "no time-stamp that holds";
}

// What each layer amounts to, in a few words.
std::string remark(const VerificationReport& report, Layer layer) {
    if (layer == Layer::content && report.bag) {
        return fmt::format("{} payload files, {} bytes, {} tag files", report.bag->payload_files,
                           report.bag->payload_bytes, report.bag->tag_files);
    }
    if (layer == Layer::content) {
        std::uint64_t bytes = 0;
        for (const VerifiedObject& object : report.objects) bytes += object.size_bytes;
        return report.objects.empty() ? ""
                                      : fmt::format("{} objects, {} bytes, {} records",
                                                    report.objects.size(), bytes, report.records);
    }
    // The certificate's subject, not what the sealer calls himself.
    if (layer == Layer::identity) return printable(report.signer_subject);
    if (layer == Layer::time && report.kind == TargetKind::transfer &&
        report.findings.has("timestamp.valid")) {
        return "time-stamps of authorities";
    }
    if (layer == Layer::time && !report.signing_time) return "nobody's word but the writers' own";
    if (layer == Layer::time && report.signing_time) {
        return fmt::format("{} says the signer; {}", format_utc(*report.signing_time),
                           words_about_proof(report));
    }
    if (layer == Layer::custody && report.custody) {
        return fmt::format("{} events, {} withheld, {} unsigned", report.custody->events,
                           report.custody->withheld, report.custody->unsigned_events);
    }
    return "";
}

std::string_view word_for(std::string_view state) {
    if (state == "passed") return "holds";
    if (state == "failed") return "FAILED";
    return "not established";
}

}  // namespace

std::string report_text(const VerificationReport& report, bool verbose) {
    std::string text = fmt::format("{}: {} {}\n", name_of(report.verdict()), name_of(report.kind),
                                   printable(report.target));
    if (!report.case_number.empty()) {
        text += fmt::format("  case         {}  {}\n", printable(report.case_number),
                            printable(report.case_title));
    }
    if (report.bag) text += fmt::format("  bag          {}\n", words_about_bag(*report.bag));
    for (Layer layer : all_layers) {
        if (!report.layers.count(layer)) continue;
        const std::string words = remark(report, layer);
        text += fmt::format("  {:<12} {}{}{}\n", name_of(layer), word_for(state_of(report, layer)),
                            words.empty() ? "" : ": ", words);
    }
    for (const Finding& finding : report.findings.all()) {
        if (finding.weight == Weight::info && !verbose) continue;
        const std::string_view name = sub_indication(report, finding);
        text +=
            fmt::format("{}: {}: {}{}{}{}\n", name_of(finding.weight), finding.code,
                        printable(finding.where), finding.where.empty() ? "" : ": ",
                        printable(finding.message), name.empty() ? "" : fmt::format(" ({})", name));
    }
    if (report.findings.dropped() > 0) {
        text += fmt::format("and {} more findings of the same kinds\n", report.findings.dropped());
    }
    if (verbose) {
        for (const VerifiedObject& object : report.objects) {
            text += fmt::format("object: {}  {}  {} bytes  sha256 {}  {}\n", printable(object.name),
                                printable(object.item), object.size_bytes, object.sha256,
                                object.intact ? "intact" : "NOT INTACT");
        }
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
    if (!report.time_stamps.empty()) json.set("time_stamps", time_stamps_json(report));
    if (report.bag) json.set("bag", bag_json(*report.bag));
    if (report.custody) json.set("custody", custody_json(*report.custody));
    return json;
}

}  // namespace evidence
