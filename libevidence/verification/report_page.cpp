#include "verification/report_page.h"

#include <fmt/format.h>

#include "verification/page_parts.h"

namespace evidence {
namespace {

struct Section {
    std::string_view id;
    const char* title;
    std::string (*html)(const PageContext& page);
};

constexpr Section sections[] = {
    {"verdict", translatable("Verdict"), verdict_section},
    {"layers", translatable("Summary"), layers_section},
    {"case", translatable("Case, parties and request"), case_section},
    {"disclosure", translatable("What was given of what"), disclosure_section},
    {"items", translatable("Items of evidence"), items_section},
    {"custody", translatable("Chain of custody"), custody_section},
    {"signatures", translatable("Signatures and time-stamps"), signatures_section},
    {"checks", translatable("Each check"), findings_section},
    {"repeat", translatable("How to repeat this"), repeat_section},
    {"about", translatable("About this report"), about_section},
};

// Nothing may be loaded, run, framed or sent, whatever stands below.
constexpr std::string_view policy =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

std::string head(const PageContext& page) {
    const std::string language = page.words.language();
    return fmt::format(
        "<!DOCTYPE html>\n<html lang=\"{}\" dir=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<title>{}: {} {}</title>\n<style>\n{}</style>\n</head>\n",
        html_text(language), is_right_to_left(language) ? "rtl" : "ltr", policy,
        name_of(page.report.verdict()), page.say("Verification report"),
        html_text(page.report.case_number), page_style);
}

std::string masthead(const PageContext& page) {
    const VerificationReport& report = page.report;
    std::string html = "<header>\n<p class=\"overline\">" + page.say("Electronic evidence") +
                       "</p>\n<h1>" + page.say("Verification report") + "</h1>\n";
    if (!report.case_number.empty()) {
        html += "<p class=\"case\"><strong>" + html_evidence(report.case_number) + "</strong> " +
                html_evidence(report.case_title) + "</p>\n";
    }
    return html + "<p class=\"quiet\">" + html_text(words_for(report.kind, page.words)) + " " +
           html_evidence(last_name_of(report.target)) + " &#183; " + page.say("checked") + " " +
           html_time(report.checked_at) + "</p>\n</header>\n";
}

std::string contents(const PageContext& page, const std::vector<const Section*>& present) {
    std::string html = "<nav aria-label=\"" + page.say("Contents") + "\">\n<ul>\n";
    for (const Section* section : present) {
        html +=
            fmt::format("<li><a href=\"#{}\">{}</a></li>\n", section->id, page.say(section->title));
    }
    return html + "</ul>\n</nav>\n";
}

}  // namespace

std::string report_page(const VerificationReport& report, const ReportPageFacts& facts,
                        const Translation& words) {
    const PageContext page{report, facts, words};
    std::string body;
    std::vector<const Section*> present;
    for (const Section& section : sections) {
        const std::string html = section.html(page);
        if (html.empty()) continue;
        body += html;
        present.push_back(&section);
    }
    return head(page) + "<body>\n<div class=\"page\">\n" + contents(page, present) + "<main>\n" +
           masthead(page) + body + "</main>\n</div>\n</body>\n</html>\n";
}

}  // namespace evidence
