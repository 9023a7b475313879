// What the evidence belongs to: case, package, parties, conditions, and the request it answers.
#include "verification/page_parts.h"

namespace evidence {
namespace {

constexpr std::size_t max_conditions = 100;
constexpr std::size_t max_request_rows = 200;

struct RequestWord {
    std::string_view member;
    const char* english;
};

// Members that requests for assistance have (UNTOC 18(15), UNCC 40 and 42, Budapest 29).
constexpr RequestWord request_words[] = {
    {"accounts_items", translatable("Accounts and items concerned")},
    {"assistance", translatable("Assistance sought")},
    {"case_id", translatable("Case")},
    {"collection_period", translatable("Period of collection")},
    {"conducting_authority", translatable("Authority conducting the matter")},
    {"confidentiality", translatable("Confidentiality")},
    {"custodian", translatable("Custodian")},
    {"data_categories", translatable("Categories of data")},
    {"data_to_preserve", translatable("Data to preserve")},
    {"deadline", translatable("Deadline")},
    {"facts_brief", translatable("Facts")},
    {"facts_summary", translatable("Facts")},
    {"id", translatable("Number of the request")},
    {"justification", translatable("Justification")},
    {"language", translatable("Language")},
    {"legal_basis", translatable("Legal basis")},
    {"matter", translatable("Matter")},
    {"necessity", translatable("Necessity")},
    {"offence", translatable("Offence")},
    {"offences", translatable("Offences")},
    {"persons", translatable("Persons concerned")},
    {"procedure_wished", translatable("Procedure wished")},
    {"profile", translatable("Legal instrument")},
    {"purpose", translatable("Purpose")},
    {"requested_state", translatable("Requested State")},
    {"requesting_authority", translatable("Requesting authority")},
    {"seeking_authority", translatable("Requesting authority")},
    {"treaty_reference", translatable("Treaty")},
    {"urgency", translatable("Urgency")},
    {"use_limits", translatable("Limits of use")},
};

std::string request_label(const std::string& member, const PageContext& page) {
    for (const RequestWord& word : request_words) {
        if (word.member == member) return page.say(word.english);
    }
    return html_evidence(member);
}

std::string scalar_html(const Json& value, const PageContext& page) {
    if (value.is_string()) return html_evidence(value.string());
    if (value.is_integer())
        return "<span dir=\"ltr\">" + std::to_string(value.integer()) + "</span>";
    if (value.is_bool()) return value.boolean() ? page.say("yes") : page.say("no");
    return "";
}

// One value still to be shown, and what it belongs to.
struct Pending {
    const Json* value;
    std::string label_html, path;
};

// Objects and lists are taken apart without recursion, first things first.
void add_parts(const Pending& whole, std::vector<Pending>& pending) {
    std::vector<Pending> parts;
    if (whole.value->is_object()) {
        for (const Json::Member& member : whole.value->members()) {
            parts.push_back({&member.second, whole.label_html, whole.path + "." + member.first});
        }
    } else {
        std::size_t number = 0;
        for (const Json& item : whole.value->items()) {
            if (++number > max_request_rows) break;
            parts.push_back(
                {&item, whole.label_html, whole.path + "[" + std::to_string(number) + "]"});
        }
    }
    pending.insert(pending.end(), std::make_move_iterator(parts.rbegin()),
                   std::make_move_iterator(parts.rend()));
}

std::string request_table(const Json& request, const PageContext& page) {
    PageTable table(page.say("The request, as request.json of the package has it"),
                    {page.say("What"), page.say("Text"), page.say("Member")}, "request");
    std::vector<Pending> pending;
    if (request.is_object()) {
        const Json::Object& members = request.members();
        for (auto member = members.rbegin(); member != members.rend(); ++member) {
            pending.push_back({&member->second, request_label(member->first, page), member->first});
        }
    }
    std::size_t rows = 0;
    while (!pending.empty() && rows < max_request_rows) {
        const Pending next = std::move(pending.back());
        pending.pop_back();
        if (next.value->is_object() || next.value->is_array()) {
            add_parts(next, pending);
            continue;
        }
        table.row({next.label_html, scalar_html(*next.value, page), html_code(next.path)});
        ++rows;
    }
    const std::string left_out =
        pending.empty() ? ""
                        : "<p class=\"more\">" +
                              page.say("The rest is in request.json of the package.") + "</p>\n";
    return table.empty() ? "" : table.html() + left_out;
}

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

}  // namespace

std::string case_section(const PageContext& page) {
    std::string body = case_facts(page) + conditions_table(page);
    if (page.report.request) {
        const std::string table = request_table(*page.report.request, page);
        if (!table.empty()) body += "<h3>" + page.say("Request for assistance") + "</h3>\n" + table;
    }
    return page_section("case", page.say("Case, parties and request"), body);
}

}  // namespace evidence
