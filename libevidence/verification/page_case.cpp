// What the evidence belongs to: case, package, parties, conditions, and the request it answers.
#include <algorithm>

#include "verification/page_parts.h"

namespace evidence {
namespace {

constexpr std::size_t max_conditions = 100;

std::string conditions_table(const PageContext& page) {
    const Json::Array& conditions = page.report.conditions.items();
    if (conditions.empty()) return "";
    PageTable table(page.say("Conditions that bind whoever receives the package"),
                    {page.say("Kind"), page.say("Condition")}, "conditions");
    for (std::size_t i = 0; i < std::min(conditions.size(), max_conditions); ++i) {
        table.row({html_evidence(conditions[i].text_or("kind", "")),
                   html_evidence(conditions[i].text_or("text", ""))});
    }
    return "<h3>" + page.say("Conditions") + "</h3>\n" + table.html() +
           page.more(conditions.size() - std::min(conditions.size(), max_conditions));
}

std::string person(const std::string& name, const std::string& organization,
                   const std::string& role) {
    std::string html;
    for (const std::string* part : {&name, &organization, &role}) {
        if (part->empty()) continue;
        html += (html.empty() ? "" : ", ") + html_evidence(*part);
    }
    return html;
}

std::string shown_text(const std::string& text) { return text.empty() ? "" : html_evidence(text); }
std::string shown_code(const std::string& text) { return text.empty() ? "" : html_code(text); }

std::string case_facts(const PageContext& page) {
    const VerificationReport& report = page.report;
    PageFactsList facts;
    facts.add(page.say("Case number"), shown_text(report.case_number));
    facts.add(page.say("Title"), shown_text(report.case_title));
    facts.add(page.say("What was verified"), html_text(words_for(report.kind, page.words)) + ": " +
                                                 html_evidence(last_name_of(report.target)));
    facts.add(page.say("Form"),
              report.bag ? html_evidence(words_about(*report.bag, page.words)) : "");
    facts.add(page.say("Package"), shown_code(report.package_id));
    facts.add(page.say("Ledger"), report.custody ? shown_code(report.custody->ledger) : "");
    if (report.sealed_by) {
        facts.add(
            page.say("Sealed by (own words)"),
            person(report.sealed_by->name, report.sealed_by->organization, report.sealed_by->role));
    }
    facts.add(page.say("Signed by (certificate)"), shown_text(report.signer_subject));
    facts.add(page.say("Sealed at (signer's clock)"),
              report.created_at ? html_time(*report.created_at) : "");
    facts.add(page.say("Existed for certain by"),
              report.proven_time
                  ? html_time(*report.proven_time) + ", " + html_evidence(report.proven_by)
                  : "");
    facts.add(page.say("Sealed with"), shown_text(report.sealing_tool));
    facts.add(page.say("Signed list (SHA-256)"), shown_code(report.manifest_sha256));
    return facts.html();
}

const char* title_of(std::string_view statement) {
    if (statement == "offer") return translatable("Offer of the sender");
    if (statement == "receipt") return translatable("Receipt of the recipient");
    if (statement == "refusal") return translatable("Refusal of the recipient");
    return translatable("Acknowledgement of the sender");
}

}  // namespace

std::string case_section(const PageContext& page) {
    std::string body = case_facts(page) + conditions_table(page);
    if (page.report.request) {
        const std::string table =
            document_table(*page.report.request,
                           page.say("The request, as request.json of the package has it"), page);
        if (!table.empty()) body += "<h3>" + page.say("Request for assistance") + "</h3>\n" + table;
    }
    for (const ShownStatement& statement : page.report.statements) {
        body += "<h3>" + page.say(title_of(statement.name)) + "</h3>\n" +
                document_table(statement.document, html_evidence(statement.name + ".json"), page);
    }
    return page_section("case", page.say("Case, parties and request"), body);
}

}  // namespace evidence
