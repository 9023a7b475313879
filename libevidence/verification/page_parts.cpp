#include "verification/page_parts.h"

#include <fmt/format.h>

namespace evidence {
namespace {

// 24 by 24, drawn in the colour of the text around.
std::string_view icon_shape(LayerState state) {
    switch (state) {
        case LayerState::holds:
            return R"(<circle cx="12" cy="12" r="10"/><path d="m7.5 12.5 3 3 6-7"/>)";
        case LayerState::warning:
            return R"(<path d="M12 3 1.8 20.5h20.4z"/><path d="M12 9.5v5m0 2.6v.4"/>)";
        case LayerState::not_established:
            return R"(<circle cx="12" cy="12" r="10"/>)"
                   R"(<path d="M9 9.3a3 3 0 1 1 4.4 2.6c-.9.5-1.4 1-1.4 2.1m0 3v.4"/>)";
        case LayerState::failed:
            return R"(<path d="M7.9 2h8.2L22 7.9v8.2L16.1 22H7.9L2 16.1V7.9z"/>)"
                   R"(<path d="m8.5 8.5 7 7m0-7-7 7"/>)";
        case LayerState::not_checked:
            return R"(<circle cx="12" cy="12" r="10"/><path d="M7.5 12h9"/>)";
    }
    return "";
}

}  // namespace

std::string PageContext::say_count(const char* one, const char* many, std::uint64_t count) const {
    return fill(html_text(words.plural(one, many, count)), {{"count", shown_number(count)}});
}

std::string PageContext::more(std::uint64_t left_out) const {
    if (left_out == 0) return "";
    return "<p class=\"more\">" + say_count("and {count} more", "and {count} more", left_out) +
           "</p>\n";
}

PageTable::PageTable(std::string caption_html, std::vector<std::string> headings_html,
                     std::string_view css_class)
    : headings_(std::move(headings_html)) {
    html_ = fmt::format(
        "<table role=\"table\" class=\"{}\"><caption>{}</caption>\n<thead "
        "role=\"rowgroup\"><tr role=\"row\">",
        css_class, caption_html);
    for (const std::string& heading : headings_) {
        html_ += "<th scope=\"col\" role=\"columnheader\">" + heading + "</th>";
    }
    html_ += "</tr></thead>\n<tbody role=\"rowgroup\">\n";
}

void PageTable::row(const std::vector<std::string>& cells_html, std::string_view css_class) {
    ++rows_;
    html_ += fmt::format("<tr role=\"row\" class=\"{}\">", css_class);
    for (std::size_t i = 0; i < cells_html.size(); ++i) {
        const std::string label =
            i == 0 ? "" : "<span class=\"label\" aria-hidden=\"true\">" + headings_[i] + "</span>";
        html_ += i == 0 ? "<th scope=\"row\" role=\"rowheader\">" : "<td role=\"cell\">";
        html_ += label + "<div>" + cells_html[i] + "</div>" + (i == 0 ? "</th>" : "</td>");
    }
    html_ += "</tr>\n";
}

void PageFactsList::add(const std::string& name_html, const std::string& value_html) {
    if (value_html.empty()) return;
    html_ += "<div><dt>" + name_html + "</dt><dd>" + value_html + "</dd></div>\n";
}

std::string PageFactsList::html() const {
    return html_.empty() ? "" : "<dl class=\"facts\">\n" + html_ + "</dl>\n";
}

std::string page_section(std::string_view id, const std::string& title_html,
                         const std::string& body_html) {
    return fmt::format(
        "<section id=\"{0}\" aria-labelledby=\"{0}-title\">\n<h2 id=\"{0}-title\">"
        "{1}</h2>\n{2}</section>\n",
        id, title_html, body_html);
}

std::string last_name_of(const std::string& path) {
    const std::size_t end = path.find_last_not_of('/');
    if (end == std::string::npos) return path;
    const std::size_t slash = path.rfind('/', end);
    return path.substr(slash == std::string::npos ? 0 : slash + 1,
                       slash == std::string::npos ? end + 1 : end - slash);
}

std::string_view css_class_of(LayerState state) {
    switch (state) {
        case LayerState::holds:
            return "ok";
        case LayerState::warning:
            return "warning";
        case LayerState::not_established:
            return "unknown";
        case LayerState::failed:
            return "failed";
        case LayerState::not_checked:
            return "none";
    }
    return "none";
}

std::string state_icon(LayerState state) {
    return fmt::format("<svg class=\"icon\" viewBox=\"0 0 24 24\" aria-hidden=\"true\">{}</svg>",
                       icon_shape(state));
}

std::string page_state(LayerState state, const Translation& words) {
    return fmt::format("<span class=\"state {}\">{}<span>{}</span></span>", css_class_of(state),
                       state_icon(state), html_text(words_for(state, words)));
}

std::string shown_bytes(std::uint64_t bytes, const PageContext& page) {
    static constexpr const char* units[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
    std::string text = page.say_count("{count} byte", "{count} bytes", bytes);
    if (bytes < 1000) return text;
    double size = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    for (; size >= 1000 && unit + 1 < std::size(units); ++unit) size /= 1000;
    return text + fmt::format(" <span class=\"quiet about\" dir=\"ltr\">({:.1f} {})</span>", size,
                              units[unit]);
}

}  // namespace evidence
