// The first thing a reader sees: the verdict, what it means, and why it is not better.
#include <fmt/format.h>

#include <algorithm>

#include "verification/finding_sentences.h"
#include "verification/page_parts.h"

namespace evidence {
namespace {

constexpr std::size_t max_reasons = 12;

LayerState state_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::total_passed:
            return LayerState::holds;
        case Verdict::indeterminate:
            return LayerState::not_established;
        case Verdict::total_failed:
            return LayerState::failed;
    }
    return LayerState::failed;
}

struct Reason {
    std::string_view code;
    std::size_t count = 0;
};

// The codes of one weight, in the order in which they were found.
std::vector<Reason> reasons_of(const Findings& findings, Weight weight) {
    std::vector<Reason> reasons;
    for (const Finding& finding : findings.all()) {
        if (finding.weight != weight) continue;
        const auto known = std::find_if(reasons.begin(), reasons.end(), [&](const Reason& reason) {
            return reason.code == finding.code;
        });
        if (known == reasons.end()) {
            reasons.push_back({finding.code, 1});
        } else {
            ++known->count;
        }
    }
    return reasons;
}

std::string reason_list(const PageContext& page, Weight weight, const std::string& title_html) {
    const std::vector<Reason> reasons = reasons_of(page.report.findings, weight);
    if (reasons.empty()) return "";
    std::string html = "<p class=\"lead\">" + title_html + "</p>\n<ul class=\"reasons\">\n";
    for (std::size_t i = 0; i < std::min(reasons.size(), max_reasons); ++i) {
        const Reason& reason = reasons[i];
        html += "<li>" + html_text(sentence_for(reason.code, page.words));
        if (reason.count > 1) {
            html += " <span class=\"quiet\">" +
                    page.say_count("({count} time)", "({count} times)", reason.count) + "</span>";
        }
        html += " <span class=\"code\">" + html_code(reason.code) + "</span></li>\n";
    }
    html += "</ul>\n";
    return html + page.more(reasons.size() - std::min(reasons.size(), max_reasons));
}

std::string reasons(const PageContext& page) {
    return reason_list(page, Weight::failed, page.say("What failed:")) +
           reason_list(page, Weight::indeterminate, page.say("What could not be established:")) +
           reason_list(page, Weight::warning, page.say("What the reader should know:"));
}

}  // namespace

std::string verdict_section(const PageContext& page) {
    const LayerState state = state_of(page.report.verdict());
    const std::string signer =
        page.report.signer_subject.empty()
            ? ""
            : "<p class=\"signer\">" +
                  page.say_with("Signer's certificate: {subject}",
                                {{"subject", html_evidence(page.report.signer_subject)}}) +
                  "</p>";
    const std::string band = fmt::format(
        "<div class=\"verdict {}\">{}<div><h2 id=\"verdict-title\">{}</h2>\n<p class=\"term\">"
        "{}</p>\n<p>{}</p>{}</div></div>\n",
        css_class_of(state), state_icon(state), html_text(headline_of(page.report, page.words)),
        name_of(page.report.verdict()), html_text(meaning_of(page.report, page.words)), signer);
    const std::string limits =
        "<p class=\"limits\">" +
        page.say(
            "No verification can say that evidence is true, that it was lawfully obtained, or "
            "that nothing else exists. It says what happened to these bytes since they were "
            "recorded, and who vouches for that.") +
        "</p>\n";
    return "<section id=\"verdict\" aria-labelledby=\"verdict-title\">\n" + band + reasons(page) +
           limits + "</section>\n";
}

std::string layers_section(const PageContext& page) {
    PageTable table(page.say("The questions a verification asks, and the answers"),
                    {page.say("Question"), page.say("Answer"), page.say("In short")}, "layers");
    for (Layer layer : all_layers) {
        const LayerState state = state_of(page.report, layer);
        const std::string question = fmt::format("<strong class=\"name\">{}</strong>{}",
                                                 html_text(words_for(layer, page.words)),
                                                 html_text(question_of(layer, page.words)));
        const std::string remark = remark_on(page.report, layer, page_figures, page.words);
        table.row({question, page_state(state, page.words),
                   state == LayerState::not_checked || remark.empty() ? "" : html_evidence(remark)},
                  css_class_of(state));
    }
    return page_section("layers", page.say("Summary"), table.html());
}

}  // namespace evidence
