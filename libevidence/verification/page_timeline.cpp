// Events and time-stamps over time, one lane for each kind of step. Positions are in per cent and
// texts in pixels, so that the drawing fits a telephone and a page alike. Time runs from left to
// right in every language.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "verification/page_parts.h"

namespace evidence {
namespace {

constexpr int lane_height = 46, top = 12, axis_height = 30;
constexpr double left_edge = 2.5, right_edge = 97.5;  // per cent

struct Mark {
    UtcTime at;
    std::string_view css_class;  // "signed", "unsigned", "bad", "stamp", "claim"
    std::string title_html;
};

struct Lane {
    std::string name_html;
    std::vector<Mark> marks;
};

struct Span {
    std::int64_t first, last;
};

bool is_bad(std::string_view type) {
    return type == "verify_failed" || type == "refuse" || type == "acquire_failed" ||
           type == "discrepancy" || type == "incident" || type == "request_refused";
}

Mark mark_of(const ShownEvent& event, const PageContext& page) {
    const std::string title = fmt::format("{} {} {}", event.seq, shown_time(event.at),
                                          html_text(words_for_event(event.type, page.words)));
    return {event.at, is_bad(event.type) ? "bad" : event.is_signed ? "signed" : "unsigned", title};
}

std::vector<Lane> lanes_of(const PageContext& page) {
    std::map<EventGroup, std::vector<Mark>> groups;
    const auto add = [&](const ShownEvent& event) {
        groups[group_of(event.type)].push_back(mark_of(event, page));
    };
    for (const ShownEvent& event : page.report.history.first()) add(event);
    for (const ShownEvent& event : page.report.history.last()) add(event);
    std::vector<Lane> lanes;
    for (EventGroup group : all_event_groups) {
        if (groups[group].empty()) continue;
        lanes.push_back({html_text(words_for(group, page.words)), std::move(groups[group])});
    }
    std::vector<Mark> stamps;
    for (const VerifiedTimestamp& token : page.report.time_stamps) {
        stamps.push_back({token.time, token.trusted ? "stamp" : "claim",
                          shown_time(token.time) + " " + html_text(token.tsa_subject)});
    }
    if (!stamps.empty()) lanes.push_back({page.say("Independent time-stamps"), std::move(stamps)});
    return lanes;
}

Span span_of(const std::vector<Lane>& lanes) {
    Span span{INT64_MAX, INT64_MIN};
    for (const Lane& lane : lanes) {
        for (const Mark& mark : lane.marks) {
            span.first = std::min(span.first, mark.at.milliseconds);
            span.last = std::max(span.last, mark.at.milliseconds);
        }
    }
    return span;
}

double position_of(UtcTime at, const Span& span) {
    const double length = static_cast<double>(span.last) - static_cast<double>(span.first);
    if (length <= 0) return (left_edge + right_edge) / 2;
    const double part =
        (static_cast<double>(at.milliseconds) - static_cast<double>(span.first)) / length;
    return left_edge + part * (right_edge - left_edge);
}

std::string mark_svg(const Mark& mark, const Span& span, int y) {
    const double x = position_of(mark.at, span);
    if (mark.css_class == "signed" || mark.css_class == "unsigned") {
        return fmt::format(
            "<circle class=\"{}\" cx=\"{:.2f}%\" cy=\"{}\" r=\"5\"><title>{}</title>"
            "</circle>\n",
            mark.css_class, x, y, mark.title_html);
    }
    return fmt::format(
        "<svg x=\"{:.2f}%\" y=\"{}\" overflow=\"visible\"><path class=\"{}\" "
        "d=\"M0-7 7 0 0 7-7 0z\"><title>{}</title></path></svg>\n",
        x, y, mark.css_class, mark.title_html);
}

std::string lane_svg(const Lane& lane, const Span& span, int y) {
    std::string svg = fmt::format(
        "<text x=\"0\" y=\"{}\">{} ({})</text>\n<line x1=\"0\" x2=\"100%\" y1=\"{}\" y2=\"{}\"/>\n",
        y + 12, lane.name_html, lane.marks.size(), y + 30, y + 30);
    for (const Mark& mark : lane.marks) svg += mark_svg(mark, span, y + 30);
    return svg;
}

std::string axis_svg(const Span& span, int y) {
    const auto label = [y](const char* x, const char* anchor, std::string_view css_class,
                           std::int64_t at) {
        return fmt::format(
            "<text class=\"axis {}\" x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>\n", css_class,
            x, y + 18, anchor, shown_time({at}));
    };
    constexpr std::int64_t second_ms = 1000;
    if (span.last / second_ms == span.first / second_ms)
        return label("50%", "middle", "", span.first);
    return label("0", "start", "", span.first) +
           label("50%", "middle", "wide", span.first / 2 + span.last / 2) +
           label("100%", "end", "", span.last);
}

constexpr std::pair<std::string_view, const char*> legend_words[] = {
    {"signed", translatable("signed")},
    {"unsigned", translatable("not signed")},
    {"bad", translatable("failure, refusal or incident")},
    {"stamp", translatable("trusted time-stamp")},
    {"claim", translatable("time-stamp that is not trusted")},
};

std::string legend(const std::vector<Lane>& lanes, const PageContext& page) {
    const auto key = [](std::string_view css_class, const std::string& words_html) {
        return fmt::format(
            "<span><svg class=\"key\" viewBox=\"-9 -9 18 18\" aria-hidden=\"true\">"
            "{}</svg>{}</span> ",
            css_class == "signed" || css_class == "unsigned"
                ? fmt::format("<circle class=\"{}\" r=\"6\"/>", css_class)
                : fmt::format("<path class=\"{}\" d=\"M0-8 8 0 0 8-8 0z\"/>", css_class),
            words_html);
    };
    const auto is_used = [&lanes](std::string_view css_class) {
        return std::any_of(lanes.begin(), lanes.end(), [css_class](const Lane& lane) {
            return std::any_of(lane.marks.begin(), lane.marks.end(), [css_class](const Mark& mark) {
                return mark.css_class == css_class;
            });
        });
    };
    std::string html;
    for (const auto& [css_class, words] : legend_words) {
        if (is_used(css_class)) html += key(css_class, page.say(words));
    }
    return "<p class=\"legend\">" + html + "</p>\n";
}

}  // namespace

std::string timeline_svg(const PageContext& page) {
    const std::vector<Lane> lanes = lanes_of(page);
    if (lanes.empty()) return "";
    const Span span = span_of(lanes);
    const int axis = top + lane_height * static_cast<int>(lanes.size());
    std::string svg = fmt::format(
        "<figure class=\"timeline\"><svg direction=\"ltr\" width=\"100%\" height=\"{}\" "
        "role=\"img\" "
        "aria-labelledby=\"timeline-title timeline-text\">\n<title id=\"timeline-title\">{}</title>"
        "\n<desc id=\"timeline-text\">{}</desc>\n",
        axis + axis_height, page.say("Events over time"),
        page.say("Each mark is an event of the table below, in a lane for its kind."));
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        svg += lane_svg(lanes[i], span, top + lane_height * static_cast<int>(i));
    }
    return svg + axis_svg(span, axis) + "</svg>\n" + legend(lanes, page) + "</figure>\n";
}

}  // namespace evidence
