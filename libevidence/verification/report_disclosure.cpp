#include "verification/report_disclosure.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/printable.h"
#include "verification/report_words.h"

namespace evidence {
namespace {

Json origin_json(const VerifiedOrigin& origin) {
    Json json = Json::object({{"certificate_sha256", origin.certificate_sha256},
                              {"created_at", format_utc(origin.created_at)},
                              {"package", json_text(origin.package_id)},
                              {"records", origin.records},
                              {"sealed_by", json_text(origin.sealer_name)},
                              {"signature", json_text(origin.where)},
                              {"subject", json_text(origin.subject)}});
    if (origin.signing_time) json.set("signing_time", format_utc(*origin.signing_time));
    if (origin.proven_time) json.set("proven_time", format_utc(*origin.proven_time));
    return json;
}

}  // namespace

Json disclosure_json(const VerificationReport& report) {
    const DisclosureDocument& disclosure = *report.disclosure;
    Json origins = Json::array();
    for (const VerifiedOrigin& origin : report.origins) origins.push_back(origin_json(origin));
    const Json given =
        disclosure.given
            ? Json::object({{"name", json_text(disclosure.given->name)},
                            {"organization", json_text(disclosure.given->organization)}})
            : Json();
    return Json::object({{"asked", json_text(disclosure.asked)},
                         {"authority", json_text(disclosure.authority)},
                         {"disclosed", disclosure.disclosed},
                         {"given", given},
                         {"kind", name_of(disclosure.kind)},
                         {"legal_basis", json_text(disclosure.legal_basis)},
                         {"of", disclosure.of},
                         {"origins", origins},
                         {"withheld", disclosure.withheld()}});
}

std::string disclosure_lines(const VerificationReport& report, const Translation& words) {
    if (!report.disclosure) return "";
    const DisclosureDocument& disclosure = *report.disclosure;
    std::string text =
        fmt::format("  {:<12} {}\n", words.text("disclosure"),
                    fill(words.text("{count} of {total} items disclosed, {withheld} withheld"),
                         {{"count", std::to_string(disclosure.disclosed)},
                          {"total", std::to_string(disclosure.of)},
                          {"withheld", std::to_string(disclosure.withheld())}}));
    const auto count = [&report](std::string_view kind) {
        return std::count_if(report.objects.begin(), report.objects.end(),
                             [kind](const VerifiedObject& object) { return object.kind == kind; });
    };
    if (const auto parts = count("region"), copies = count("redaction"); parts + copies > 0) {
        text += fmt::format(
            "  {:<12} {}\n", words.text("not as was"),
            fill(words.text("{copies} redacted copies, {parts} parts of objects"),
                 {{"copies", std::to_string(copies)}, {"parts", std::to_string(parts)}}));
    }
    for (const VerifiedOrigin& origin : report.origins) {
        const std::string said =
            origin.proven_time
                ? words.text("package {package}, sealed by {who}; proven to exist by {time}")
                : words.text("package {package}, sealed by {who}; at {time} by the signer's word");
        text += fmt::format(
            "  {:<12} {}\n", words.text("origin"),
            fill(said, {{"package", origin.package_id},
                        {"who", printable(origin.subject)},
                        {"time", format_utc(origin.proven_time.value_or(
                                     origin.signing_time.value_or(origin.created_at)))}}));
    }
    return text;
}

}  // namespace evidence
