// The evidence itself: each item with how it was acquired, and the files that hold it.
#include <fmt/format.h>

#include <algorithm>

#include "verification/page_parts.h"

namespace evidence {
namespace {

constexpr std::size_t max_items = 50;
constexpr std::size_t max_objects = 200;

std::string optional_text(const std::string& text) {
    return text.empty() ? "" : html_evidence(text);
}

std::string unread(const VerifiedItem& item, const PageContext& page) {
    if (item.unread_bytes == 0) return "";
    return page.say_with(
        "{bytes} in {ranges}",
        {{"bytes", shown_bytes(item.unread_bytes, page)},
         {"ranges", page.say_count("{count} range", "{count} ranges", item.unread_ranges)}});
}

std::string files_account(const VerifiedItem& item, const PageContext& page) {
    if (item.seen == 0) return "";
    return page.say_with(
        "{seen} seen, {excluded} left out by a rule, {failed} unreadable, {changed} changed while "
        "they were read",
        {{"seen", shown_number(item.seen)},
         {"excluded", shown_number(item.excluded)},
         {"failed", shown_number(item.failed)},
         {"changed", shown_number(item.changed)}});
}

std::string period(const VerifiedItem& item, const PageContext& page) {
    if (!item.started_at || !item.completed_at) return "";
    return page.say_with("{start} to {end}", {{"start", html_time(*item.started_at)},
                                              {"end", html_time(*item.completed_at)}});
}

std::string person(const VerifiedItem& item) {
    if (item.operator_name.empty()) return "";
    return html_evidence(item.operator_name) +
           (item.operator_organization.empty() ? ""
                                               : ", " + html_evidence(item.operator_organization));
}

bool is_complete(const VerifiedItem& item) {
    return item.unread_bytes == 0 && item.failed == 0 && item.excluded == 0;
}

std::string item_card(const VerifiedItem& item, const PageContext& page) {
    PageFactsList facts;
    facts.add(page.say("Description"), optional_text(item.description));
    facts.add(page.say("Source"), optional_text(item.source));
    facts.add(page.say("Device"), optional_text(item.device));
    facts.add(page.say("Kind"), html_code(item.method));
    facts.add(page.say("Size"), shown_bytes(item.size_bytes, page));
    for (const auto& [algorithm, digest] : item.digests) {
        facts.add(html_text(name_of(algorithm)), html_code(digest));
    }
    facts.add(page.say("Acquired"), period(item, page));
    facts.add(page.say("Acquired by"), person(item));
    facts.add(page.say("Place"), optional_text(item.place));
    facts.add(page.say("Legal authority"), optional_text(item.authority));
    facts.add(page.say("Write blocker"), optional_text(item.write_blocker));
    facts.add(page.say("Acquired with"), optional_text(item.tool));
    facts.add(page.say("Not read"), unread(item, page));
    facts.add(page.say("Files"), files_account(item, page));
    facts.add(page.say("Bytes that are zero"),
              item.zero_bytes > 0 ? shown_bytes(item.zero_bytes, page) : "");
    facts.add(page.say("Interruptions"), item.breaks > 0 ? shown_number(item.breaks) : "");
    const LayerState state = is_complete(item) ? LayerState::holds : LayerState::warning;
    const std::string words = is_complete(item) ? page.say("the whole source, as the record says")
                                                : page.say("not all of the source");
    return fmt::format(
        "<article class=\"card\"><h3>{}</h3>\n<p><span class=\"state {}\">{}<span>{}</span></span>"
        "</p>\n{}</article>\n",
        html_evidence(item.item), css_class_of(state), state_icon(state), words, facts.html());
}

// Those that are not intact first.
std::vector<const VerifiedObject*> objects_to_show(const std::vector<VerifiedObject>& objects) {
    std::vector<const VerifiedObject*> shown;
    for (const bool intact : {false, true}) {
        for (const VerifiedObject& object : objects) {
            if (shown.size() == max_objects) return shown;
            if (object.intact == intact) shown.push_back(&object);
        }
    }
    return shown;
}

// The item, and what of it when it is not the whole.
std::string item_of(const VerifiedObject& object, const PageContext& page) {
    std::string html = html_evidence(object.item);
    if (object.kind == "redaction") html += "<br>" + page.say("a redacted copy of something in it");
    if (object.kind == "region") html += "<br>" + page.say("a part of its bytes");
    if (object.kind == "entry") html += "<br>" + page.say("a file of it");
    return html;
}

std::string objects_table(const PageContext& page) {
    const std::vector<VerifiedObject>& objects = page.report.objects;
    if (objects.empty()) return "";
    PageTable table(
        page.say("The files that hold the evidence, with their digests as computed now"),
        {page.say("File"), page.say("Item"), page.say("Size"), page.say("SHA-256"),
         page.say("Result")},
        "objects");
    const std::vector<const VerifiedObject*> shown = objects_to_show(objects);
    for (const VerifiedObject* object : shown) {
        const LayerState state = object->intact ? LayerState::holds : LayerState::failed;
        const std::string result = fmt::format(
            "<span class=\"state {}\">{}<span>{}</span></span>", css_class_of(state),
            state_icon(state), object->intact ? page.say("intact") : page.say("NOT INTACT"));
        table.row({html_evidence(object->name), item_of(*object, page),
                   shown_bytes(object->size_bytes, page), html_code(object->sha256), result});
    }
    return "<h3>" + page.say("Files") + "</h3>\n" + table.html() +
           page.more(objects.size() - shown.size());
}

}  // namespace

std::string items_section(const PageContext& page) {
    const std::vector<VerifiedItem>& items = page.report.items.kept();
    std::string body;
    for (std::size_t i = 0; i < std::min(items.size(), max_items); ++i) {
        body += item_card(items[i], page);
    }
    body += page.more(page.report.items.count() - std::min(items.size(), max_items));
    body += objects_table(page);
    if (body.empty()) return "";
    return page_section("items", page.say("Items of evidence"), body);
}

}  // namespace evidence
