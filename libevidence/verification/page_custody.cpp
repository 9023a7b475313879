// Who had the evidence, when, where and why: the drawing and the table of events.
#include "verification/page_parts.h"

namespace evidence {
namespace {

std::string what(const ShownEvent& event, const PageContext& page) {
    return html_text(words_for_event(event.type, page.words)) + "<br>" + html_code(event.type);
}

std::string who(const ShownEvent& event, const PageContext& page) {
    std::string html = html_evidence(event.actor_name);
    if (!event.actor_organization.empty()) html += "<br>" + html_evidence(event.actor_organization);
    if (!event.is_signed) html += "<br><em>" + page.say("not signed") + "</em>";
    return html;
}

std::string where_and_why(const ShownEvent& event) {
    std::string html;
    for (const std::string* text : {&event.place, &event.reason, &event.authority}) {
        if (text->empty()) continue;
        html += (html.empty() ? "" : "<br>") + html_evidence(*text);
    }
    return html;
}

std::string items(const ShownEvent& event, const PageContext& page) {
    std::string html;
    for (const std::string& item : event.items) {
        html += (html.empty() ? "" : ", ") + html_evidence(item);
    }
    const std::uint64_t left_out = event.item_count - event.items.size();
    if (left_out > 0)
        html += " " + page.say_count("and {count} more", "and {count} more", left_out);
    return html;
}

void add_row(PageTable& table, const ShownEvent& event, const PageContext& page) {
    table.row({"<span dir=\"ltr\">" + std::to_string(event.seq) + "</span>", html_time(event.at),
               what(event, page), who(event, page), where_and_why(event), items(event, page)},
              event.is_signed ? "" : "unsigned");
}

std::string events_table(const PageContext& page) {
    const EventHistory& history = page.report.history;
    if (history.count() == 0) return "";
    PageTable table(page.say("The events of the ledger that are shown here"),
                    {page.say("No."), page.say("When"), page.say("What"), page.say("Who"),
                     page.say("Where and why"), page.say("Items")},
                    "events");
    for (const ShownEvent& event : history.first()) add_row(table, event, page);
    if (history.omitted() > 0) {
        table.row({"..",
                   page.say_count("{count} event is not shown on this page",
                                  "{count} events are not shown on this page", history.omitted()),
                   "", "", "", ""},
                  "omitted");
    }
    for (const ShownEvent& event : history.last()) add_row(table, event, page);
    return table.html();
}

std::string figures(const CustodyFacts& custody, const PageContext& page) {
    std::string html = "<p>" + page.say_count("The ledger has {count} event.",
                                              "The ledger has {count} events.", custody.events);
    if (custody.withheld > 0) {
        html += " " + page.say_count(
                          "{count} of them is withheld, because it concerns other items, or items "
                          "of which only a part is here; its "
                          "place in the chain is proven.",
                          "{count} of them are withheld, because they concern other items, or "
                          "items of which only a part is here; "
                          "their place in the chain is proven.",
                          custody.withheld);
    }
    if (custody.unsigned_events > 0) {
        html += " " + page.say_count("{count} event is not signed.",
                                     "{count} events are not signed.", custody.unsigned_events);
    }
    return html + "</p>\n";
}

}  // namespace

std::string custody_section(const PageContext& page) {
    std::string body = page.report.custody ? figures(*page.report.custody, page) : "";
    body += timeline_svg(page) + events_table(page);
    if (page.report.custody) {
        PageFactsList facts;
        facts.add(page.say("Ledger"), html_code(page.report.custody->ledger));
        facts.add(page.say("Last link"), html_code(page.report.custody->link));
        body += facts.html();
    }
    if (body.empty()) return "";
    return page_section("custody", page.say("Chain of custody"), body);
}

}  // namespace evidence
