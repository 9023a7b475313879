// Every check by layer, with what it found.
#include <fmt/format.h>

#include <algorithm>

#include "verification/finding_sentences.h"
#include "verification/page_parts.h"
#include "verification/sub_indication.h"

namespace evidence {
namespace {

constexpr std::size_t max_shown_per_layer = 60;

LayerState state_for(Weight weight) {
    switch (weight) {
        case Weight::failed:
            return LayerState::failed;
        case Weight::indeterminate:
            return LayerState::not_established;
        case Weight::warning:
            return LayerState::warning;
        case Weight::info:
            break;
    }
    return LayerState::not_checked;
}

std::string finding_html(const Finding& finding, const PageContext& page) {
    const LayerState state = state_for(finding.weight);
    std::string html = fmt::format(
        "<li class=\"finding {}\"><p><span class=\"state {}\">{}<span>{}</span></span> "
        "<strong>{}</strong></p>\n<p class=\"detail\">{}",
        css_class_of(state), css_class_of(state),
        finding.weight == Weight::info ? "" : state_icon(state),
        html_text(words_for(finding.weight, page.words)),
        html_text(sentence_for(finding.code, page.words)), html_code(finding.code));
    const std::string_view sub_indication =
        page.report.kind == TargetKind::bag ? std::string_view() : sub_indication_of(finding);
    if (!sub_indication.empty()) html += " &#183; " + html_code(sub_indication);
    if (!finding.where.empty()) html += " &#183; " + html_evidence(finding.where);
    return html + "<br><span lang=\"en\">" + html_evidence(finding.message) + "</span></p></li>\n";
}

// The heaviest first, each weight in the order in which its findings were made.
std::vector<const Finding*> findings_of(const Findings& findings, Layer layer) {
    std::vector<const Finding*> sorted;
    for (const Finding& finding : findings.all()) {
        if (finding.layer == layer) sorted.push_back(&finding);
    }
    std::stable_sort(sorted.begin(), sorted.end(), [](const Finding* one, const Finding* other) {
        return one->weight > other->weight;
    });
    return sorted;
}

std::string layer_html(Layer layer, const PageContext& page) {
    const std::vector<const Finding*> findings = findings_of(page.report.findings, layer);
    const LayerState state = state_of(page.report, layer);
    if (state == LayerState::not_checked && findings.empty()) return "";
    std::string html =
        fmt::format("<h3><span class=\"name\">{}</span> {}</h3>\n<p>{}</p>\n",
                    html_text(words_for(layer, page.words)), page_state(state, page.words),
                    html_text(question_of(layer, page.words)));
    if (findings.empty()) return html + "<p class=\"quiet\">" + page.say("No remark.") + "</p>\n";
    const std::size_t shown = std::min(findings.size(), max_shown_per_layer);
    html += "<ul class=\"findings\">\n";
    for (std::size_t i = 0; i < shown; ++i) html += finding_html(*findings[i], page);
    return html + "</ul>\n" + page.more(findings.size() - shown);
}

}  // namespace

std::string findings_section(const PageContext& page) {
    std::string body;
    for (Layer layer : all_layers) body += layer_html(layer, page);
    if (page.report.findings.dropped() > 0) {
        body += "<p class=\"more\">" +
                page.say_count("and {count} more finding of the same kinds",
                               "and {count} more findings of the same kinds",
                               page.report.findings.dropped()) +
                "</p>\n";
    }
    return page_section("checks", page.say("Each check"), body);
}

}  // namespace evidence
