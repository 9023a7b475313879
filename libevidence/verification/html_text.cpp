#include "verification/html_text.h"

#include "base/printable.h"

namespace evidence {
namespace {

// At most that many bytes, and no half character at the end of valid UTF-8.
std::string_view cut(std::string_view text) {
    if (text.size() <= html_text_max_bytes) return text;
    std::size_t end = html_text_max_bytes;
    while (end > html_text_max_bytes - 4 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
        --end;
    return text.substr(0, end);
}

std::string escaped(std::string_view text) {
    std::string html;
    html.reserve(text.size());
    for (const char c : text) {
        switch (c) {
            case '&':
                html += "&amp;";
                break;
            case '<':
                html += "&lt;";
                break;
            case '>':
                html += "&gt;";
                break;
            case '"':
                html += "&quot;";
                break;
            case '\'':
                html += "&#39;";
                break;
            default:
                html += c;
        }
    }
    return html;
}

}  // namespace

std::string html_text(std::string_view text) {
    const std::string_view kept = cut(text);
    return escaped(printable(kept)) + (kept.size() < text.size() ? ".." : "");
}

std::string html_evidence(std::string_view text) {
    return "<bdi dir=\"auto\">" + html_text(text) + "</bdi>";
}

std::string html_code(std::string_view text) {
    constexpr std::size_t group = 16;
    std::string html = html_text(text);
    // Not inside an escape or a reference: only codes that have neither.
    const bool is_hex = html.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (is_hex && html.size() > group) {
        for (std::size_t end = (html.size() - 1) / group * group; end > 0 && end < html.size();
             end -= group)
            html.insert(end, "<wbr>");
    }
    return "<code dir=\"ltr\">" + html + "</code>";
}

std::string shown_time(UtcTime time) {
    const std::string text = format_utc(time);  // 2026-11-22T01:15:38.000Z
    const std::size_t middle = text.find('T');
    return text.substr(0, middle) + " " + text.substr(middle + 1, 8) + " UTC";
}

std::string shown_number(std::uint64_t number) {
    const std::string digits = std::to_string(number);
    std::string shown;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % 3 == 0) shown += "\u202F";
        shown += digits[i];
    }
    return shown;
}

std::string html_time(UtcTime time) {
    return "<time datetime=\"" + format_utc(time) + "\" dir=\"ltr\">" + shown_time(time) +
           "</time>";
}

}  // namespace evidence
