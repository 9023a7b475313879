// What the sections of a report page are made of. All functions return HTML; what they are given is
// HTML already where a parameter is called so, else text that they escape. Private to the room.
//
// Thread rule: plain functions and values.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "verification/html_text.h"
#include "verification/report_page.h"
#include "verification/report_words.h"

namespace evidence {

struct PageContext {
    const VerificationReport& report;
    const ReportPageFacts& facts;
    const Translation& words;

    // A sentence of ours in the reader's language.
    std::string say(const char* english_text) const { return html_text(words.text(english_text)); }
    // The same with values, which are HTML, in its places.
    std::string say_with(const char* english_text, std::initializer_list<PlaceValue> html) const {
        return fill(say(english_text), html);
    }
    std::string say_count(const char* one, const char* many, std::uint64_t count) const;
    // "and 12 more"; empty when nothing is left out.
    std::string more(std::uint64_t left_out) const;
};

// Rows of a table; on a narrow screen each row becomes a block in which every cell repeats its
// heading.
class PageTable {
public:
    // `caption_html` is read out before the table; `css_class` may be empty.
    PageTable(std::string caption_html, std::vector<std::string> headings_html,
              std::string_view css_class = {});
    // The first cell is the heading of its row.
    void row(const std::vector<std::string>& cells_html, std::string_view css_class = {});
    bool empty() const { return rows_ == 0; }
    std::string html() const { return html_ + "</tbody></table>\n"; }

private:
    std::string html_;
    std::vector<std::string> headings_;
    std::size_t rows_ = 0;
};

// Names and values; a value that is empty is not shown.
class PageFactsList {
public:
    void add(const std::string& name_html, const std::string& value_html);
    std::string html() const;

private:
    std::string html_;
};

std::string page_section(std::string_view id, const std::string& title_html,
                         const std::string& body_html);

// A drawing and its word, never the colour alone.
std::string page_state(LayerState state, const Translation& words);
std::string state_icon(LayerState state);
std::string_view css_class_of(LayerState state);  // "ok", "warning", "unknown", "failed", "none"

// What a path ends in, without the folders, which are nobody's business: "case-7.asice".
std::string last_name_of(const std::string& path);

// "1 234 567 bytes (1.2 MB)", with narrow spaces between the groups.
std::string shown_bytes(std::uint64_t bytes, const PageContext& page);

// Every value of a document with the member it stands in; empty when it has none.
std::string document_table(const Json& document, const std::string& caption_html,
                           const PageContext& page);

// The sections, in the order in which they stand. Empty when there is nothing to tell.
std::string verdict_section(const PageContext& page);
std::string layers_section(const PageContext& page);
std::string case_section(const PageContext& page);
std::string disclosure_section(const PageContext& page);
std::string items_section(const PageContext& page);
std::string custody_section(const PageContext& page);
std::string signatures_section(const PageContext& page);
std::string findings_section(const PageContext& page);
std::string repeat_section(const PageContext& page);
std::string about_section(const PageContext& page);

// Events and time-stamps over time as inline SVG; empty without events.
std::string timeline_svg(const PageContext& page);

// "the item was acquired"; the type itself for one that is not known.
std::string words_for_event(std::string_view type, const Translation& words);

extern const std::string_view page_style;

}  // namespace evidence
