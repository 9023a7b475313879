#include "digest/xml_tokens.h"

#include <algorithm>
#include <charconv>

#include "base/utf8.h"

namespace evidence {
namespace {

using Kind = XmlToken::Kind;

constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view comment_mark = "<!--", section_mark = "<![CDATA[";
constexpr std::size_t kept_bytes = 64 * 1024;  // so that a long line is not moved for every tag

// "fileobject" of "d:fileobject id='1'".
std::string_view local_name(std::string_view tag) {
    const std::string_view name = tag.substr(0, tag.find_first_of(blanks));
    return name.substr(name.find(':') + 1);
}

void skip_blanks(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
}

std::optional<std::string> character(std::string_view reference) {
    if (reference == "lt") return "<";
    if (reference == "gt") return ">";
    if (reference == "amp") return "&";
    if (reference == "quot") return "\"";
    if (reference == "apos") return "'";
    if (!reference.starts_with('#')) return std::nullopt;
    reference.remove_prefix(1);
    const bool is_hex = reference.starts_with('x');
    if (is_hex) reference.remove_prefix(1);
    std::uint32_t code = 0;
    const char* end = reference.data() + reference.size();
    const auto [stop, error] = std::from_chars(reference.data(), end, code, is_hex ? 16 : 10);
    const bool is_surrogate = code >= 0xD800 && code < 0xE000;
    if (error != std::errc() || stop != end || code == 0 || code > 0x10FFFF || is_surrogate) {
        return std::nullopt;
    }
    std::string text;
    append_utf8(text, code);
    return text;
}

}  // namespace

// Appends a line, unless the token at hand is too long already.
bool XmlTokens::more() {
    if (buffer_.size() - start_ > hash_list_max_line_bytes) return false;
    const auto line = lines_.next();
    if (!line) return false;
    buffer_.append(*line).append(1, '\n');
    return true;
}

// Where it stands first; nullopt when the document ends before, or the token gets too long. What
// was searched is not searched again.
std::optional<std::size_t> XmlTokens::find(std::string_view wanted, std::size_t from) {
    while (true) {
        const std::size_t at = buffer_.find(wanted, from);
        if (at != std::string::npos) return at;
        const std::size_t size = buffer_.size();
        if (size >= wanted.size()) from = std::max(from, size - wanted.size() + 1);
        if (!more()) return std::nullopt;
    }
}

// The '>' that ends the tag at the front: none within quotes.
std::optional<std::size_t> XmlTokens::end_of_tag() {
    char quote = '\0';
    for (std::size_t at = start_ + 1;; ++at) {
        while (at >= buffer_.size()) {
            if (!more()) return std::nullopt;
        }
        const char c = buffer_[at];
        if (quote != '\0') {
            if (c == quote) quote = '\0';
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '>') {
            return at;
        }
    }
}

// No mark has a line end in it, so that the buffer has all of it or never will.
bool XmlTokens::begins_with(std::string_view mark) const {
    return std::string_view(buffer_).substr(start_).starts_with(mark);
}

XmlToken XmlTokens::take(Kind kind, std::size_t content_at, std::size_t content_end,
                         std::size_t end) {
    start_ = end;
    XmlToken token;
    token.kind = kind;
    token.content = std::string_view(buffer_).substr(content_at, content_end - content_at);
    token.name = local_name(token.content);
    return token;
}

XmlToken XmlTokens::broken() { return take(Kind::broken, start_, start_, buffer_.size()); }

XmlToken XmlTokens::text() {
    const std::size_t end = std::min(buffer_.find('<', start_), buffer_.size());
    return take(Kind::text, start_, end, end);
}

XmlToken XmlTokens::tag() {
    const std::size_t start = start_;
    if (begins_with("<?")) {
        const auto end = find("?>", start + 2);
        return end ? take(Kind::instruction, start + 2, *end, *end + 2) : broken();
    }
    if (begins_with(section_mark)) {
        const auto end = find("]]>", start + section_mark.size());
        return end ? take(Kind::section, start, *end, *end + 3) : broken();
    }
    if (begins_with("<!")) return take(Kind::declaration, start, start, start + 2);
    const auto end = end_of_tag();
    if (!end) return broken();
    if (buffer_[start + 1] == '/') return take(Kind::close, start + 2, *end, *end + 1);
    if (buffer_[*end - 1] == '/') return take(Kind::empty, start + 1, *end - 1, *end + 1);
    return take(Kind::open, start + 1, *end, *end + 1);
}

std::optional<XmlToken> XmlTokens::next() {
    while (true) {
        if (start_ == buffer_.size() || start_ > kept_bytes) {
            buffer_.erase(0, start_);
            start_ = 0;
        }
        if (buffer_.empty() && !more()) return std::nullopt;
        if (buffer_[start_] != '<') return text();
        if (!begins_with(comment_mark)) return tag();
        const auto end = find("-->", start_ + comment_mark.size());
        if (!end) return broken();
        start_ = *end + 3;
    }
}

std::optional<std::string_view> xml_attribute(std::string_view tag, std::string_view name) {
    tag.remove_prefix(std::min(tag.find_first_of(blanks), tag.size()));
    while (true) {
        skip_blanks(tag);
        const std::size_t equals = tag.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        std::string_view key = tag.substr(0, equals);
        key = key.substr(0, key.find_first_of(blanks));
        tag.remove_prefix(equals + 1);
        skip_blanks(tag);
        if (!tag.starts_with('\'') && !tag.starts_with('"')) return std::nullopt;
        const std::size_t end = tag.find(tag[0], 1);
        if (end == std::string_view::npos) return std::nullopt;
        if (key == name) return tag.substr(1, end - 1);
        tag.remove_prefix(end + 1);
    }
}

std::optional<std::string> text_of_xml(std::string_view text) {
    if (text.find('<') != std::string_view::npos) return std::nullopt;
    std::string plain;
    while (!text.empty()) {
        const std::size_t ampersand = std::min(text.find('&'), text.size());
        plain += text.substr(0, ampersand);
        text.remove_prefix(ampersand);
        if (text.empty()) break;
        const std::size_t semicolon = text.find(';');
        if (semicolon == std::string_view::npos) return std::nullopt;
        const auto value = character(text.substr(1, semicolon - 1));
        if (!value) return std::nullopt;
        plain += *value;
        text.remove_prefix(semicolon + 1);
    }
    return plain;
}

}  // namespace evidence
