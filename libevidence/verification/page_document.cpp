// A document of any shape as a table: one line for each value, with the words for it that we know
// and the member it stands in.
#include <algorithm>

#include "verification/page_parts.h"

namespace evidence {
namespace {

constexpr std::size_t max_document_rows = 200;

struct MemberWord {
    std::string_view member;
    const char* english;
};

// Members that requests for assistance have (UNTOC 18(15), UNCC 40 and 42, Budapest 29), and the
// statements of a transfer.
constexpr MemberWord member_words[] = {
    {"accounts_items", translatable("Accounts and items concerned")},
    {"answer_by", translatable("Answer wanted by")},
    {"assistance", translatable("Assistance sought")},
    {"at", translatable("Time of the statement")},
    {"case_id", translatable("Case")},
    {"checkpoint", translatable("Checkpoint of the ledger")},
    {"collection_period", translatable("Period of collection")},
    {"conducting_authority", translatable("Authority conducting the matter")},
    {"confidentiality", translatable("Confidentiality")},
    {"created_at", translatable("Time of the statement")},
    {"custodian", translatable("Custodian")},
    {"data_categories", translatable("Categories of data")},
    {"data_to_preserve", translatable("Data to preserve")},
    {"deadline", translatable("Deadline")},
    {"facts_brief", translatable("Facts")},
    {"facts_summary", translatable("Facts")},
    {"findings", translatable("Findings of the recipient")},
    {"id", translatable("Number of the request")},
    {"justification", translatable("Justification")},
    {"language", translatable("Language")},
    {"legal_basis", translatable("Legal basis")},
    {"manifest_sha256", translatable("Signed list (SHA-256)")},
    {"matter", translatable("Matter")},
    {"media", translatable("Carrier")},
    {"necessity", translatable("Necessity")},
    {"offence", translatable("Offence")},
    {"offences", translatable("Offences")},
    {"package", translatable("Package")},
    {"part_size_bytes", translatable("Size of a part")},
    {"parts", translatable("Number of parts")},
    {"persons", translatable("Persons concerned")},
    {"procedure_wished", translatable("Procedure wished")},
    {"profile", translatable("Legal instrument")},
    {"purpose", translatable("Purpose")},
    {"reason", translatable("Reason")},
    {"recipient", translatable("Certificate of the recipient")},
    {"recipients", translatable("Certificates of the recipients")},
    {"requested_state", translatable("Requested State")},
    {"requesting_authority", translatable("Requesting authority")},
    {"seeking_authority", translatable("Requesting authority")},
    {"sender", translatable("Certificate of the sender")},
    {"transfer", translatable("Transfer")},
    {"treaty_reference", translatable("Treaty")},
    {"urgency", translatable("Urgency")},
    {"use_limits", translatable("Limits of use")},
    {"verdict", translatable("Verdict of the recipient")},
};

std::string member_label(const std::string& member, const PageContext& page) {
    for (const MemberWord& word : member_words) {
        if (word.member == member) return page.say(word.english);
    }
    return html_evidence(kept_text(member));
}

std::string scalar_html(const Json& value, const PageContext& page) {
    if (value.is_string()) return html_evidence(value.string());
    if (value.is_integer())
        return "<span dir=\"ltr\">" + std::to_string(value.integer()) + "</span>";
    if (value.is_bool()) return value.boolean() ? page.say("yes") : page.say("no");
    return "";
}

// One value still to be shown, and where it stands. Names may be as long as the document.
struct Pending {
    const Json* value;
    const std::string* member;  // of the document itself, which it belongs to
    std::string path;
};

// Objects and lists are taken apart without recursion, first things first, and no further than the
// table may have rows. False when that left something out.
bool add_parts(const Pending& whole, std::vector<Pending>& pending) {
    std::vector<Pending> parts;
    const bool is_object = whole.value->is_object();
    const std::size_t count =
        is_object ? whole.value->members().size() : whole.value->items().size();
    for (std::size_t i = 0; i < std::min(count, max_document_rows); ++i) {
        const Json& part = is_object ? whole.value->members()[i].second : whole.value->items()[i];
        const std::string step =
            is_object ? "." + whole.value->members()[i].first : "[" + std::to_string(i + 1) + "]";
        parts.push_back({&part, whole.member, kept_text(whole.path + step)});
    }
    pending.insert(pending.end(), std::make_move_iterator(parts.rbegin()),
                   std::make_move_iterator(parts.rend()));
    return count <= max_document_rows;
}

}  // namespace

std::string document_table(const Json& document, const std::string& caption_html,
                           const PageContext& page) {
    PageTable table(caption_html, {page.say("What"), page.say("Text"), page.say("Member")},
                    "request");
    if (!document.is_object()) return "";
    const Json::Object& members = document.members();
    bool is_whole = members.size() <= max_document_rows;
    std::vector<Pending> pending;
    for (std::size_t i = std::min(members.size(), max_document_rows); i-- > 0;) {
        pending.push_back({&members[i].second, &members[i].first, kept_text(members[i].first)});
    }
    std::size_t rows = 0;
    while (!pending.empty() && rows < max_document_rows) {
        const Pending next = std::move(pending.back());
        pending.pop_back();
        if (next.value->is_object() || next.value->is_array()) {
            is_whole = add_parts(next, pending) && is_whole;
            continue;
        }
        table.row({member_label(*next.member, page), scalar_html(*next.value, page),
                   html_code(next.path)});
        ++rows;
    }
    if (table.empty()) return "";
    return table.html() + (pending.empty() && is_whole
                               ? ""
                               : "<p class=\"more\">" +
                                     page.say("The rest is in the document itself.") + "</p>\n");
}

}  // namespace evidence
