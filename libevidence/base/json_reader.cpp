// The parsers of json.h: one reader, strict (canonical) or relaxed (hand-written input).
#include <algorithm>
#include <optional>

#include "base/error.h"
#include "base/json.h"
#include "base/utf8.h"

namespace evidence {

// Of the objects that documents and events are made of.
constexpr std::size_t usual_members = 8;

class JsonReader {
public:
    JsonReader(std::string_view text, std::string_view where, bool strict)
        : text_(text), where_(where), strict_(strict) {}

    Json read() {
        skip_space();
        Json value = read_value(1);
        skip_space();
        if (position_ != text_.size()) fail("end of the value");
        return value;
    }

private:
    [[noreturn]] void fail(std::string_view expected) const {
        throw Error(ErrorKind::malformed,
                    std::string(strict_ ? "not canonical JSON: " : "not valid JSON: ") +
                        std::string(where_) + " (expected " + std::string(expected) + " at byte " +
                        std::to_string(position_) + ")");
    }

    char peek() const { return position_ < text_.size() ? text_[position_] : '\0'; }

    bool take(char c) {
        if (peek() != c || position_ == text_.size()) return false;
        ++position_;
        return true;
    }

    void skip_space() {
        if (strict_) return;
        while (position_ < text_.size() &&
               std::string_view(" \t\r\n").find(text_[position_]) != std::string_view::npos) {
            ++position_;
        }
    }

    // The depth is limited before each descent, so recursion is bounded whatever the input.
    Json read_value(std::size_t depth) {
        if (depth > json_max_depth) fail("at most 16 levels of nesting");
        if (++values_ > json_max_values) fail("at most 65536 values");
        switch (peek()) {
            case '{':
                return read_object(depth);
            case '[':
                return read_array(depth);
            case '"':
                return Json(read_string());
            case 't':
                return read_word("true", Json(true));
            case 'f':
                return read_word("false", Json(false));
            case 'n':
                return read_word("null", Json());
            default:
                return read_integer();
        }
    }

    Json read_word(std::string_view word, Json value) {
        if (text_.substr(position_, word.size()) != word) fail("a JSON value");
        position_ += word.size();
        return value;
    }

    Json read_integer() {
        const bool negative = take('-');
        if (peek() < '0' || peek() > '9') fail("a JSON value");
        if (peek() == '0' && position_ + 1 < text_.size() && text_[position_ + 1] >= '0' &&
            text_[position_ + 1] <= '9') {
            fail("an integer without leading zeros");
        }
        std::int64_t value = 0;
        while (peek() >= '0' && peek() <= '9') {
            value = value * 10 + (text_[position_++] - '0');
            if (value > json_max_integer) fail("an integer below 2^53");
        }
        if (negative && value == 0) fail("an integer that is not minus zero");
        if (peek() == '.' || peek() == 'e' || peek() == 'E') fail("an integer, not a fraction");
        return Json(negative ? -value : value);
    }

    Json read_array(std::size_t depth) {
        ++position_;
        Json value = Json::array();
        Json::Array& items = std::get<Json::Array>(value.value_);
        skip_space();
        if (take(']')) return value;
        while (true) {
            skip_space();
            items.push_back(read_value(depth + 1));
            skip_space();
            if (take(']')) return value;
            if (!take(',')) fail("',' or ']'");
        }
    }

    Json read_object(std::size_t depth) {
        ++position_;
        Json value = Json::object({});
        Json::Object& members = std::get<Json::Object>(value.value_);
        skip_space();
        if (take('}')) return value;
        while (true) {
            skip_space();
            if (peek() != '"') fail("a member name");
            std::string key = read_string();
            skip_space();
            if (!take(':')) fail("':'");
            skip_space();
            if (strict_ && !members.empty() && key <= members.back().first) {
                fail("sorted, unique keys");
            }
            Json member = read_value(depth + 1);
            if (members.empty()) members.reserve(usual_members);
            members.emplace_back(std::move(key), std::move(member));
            skip_space();
            if (take('}')) break;
            if (!take(',')) fail("',' or '}'");
        }
        if (!strict_) sort_members(members);
        return value;
    }

    // Once at the end: keeping order at each insertion would be quadratic in a hostile document.
    void sort_members(Json::Object& members) const {
        const auto by_key = [](const Json::Member& a, const Json::Member& b) {
            return a.first < b.first;
        };
        const auto same_key = [](const Json::Member& a, const Json::Member& b) {
            return a.first == b.first;
        };
        std::sort(members.begin(), members.end(), by_key);
        if (std::adjacent_find(members.begin(), members.end(), same_key) != members.end()) {
            fail("unique keys in the object that ends");
        }
    }

    // Printable ASCII but for the two that end or escape. Whether char is signed differs between
    // machines.
    static bool is_plain(char c) {
        const unsigned char byte = static_cast<unsigned char>(c);
        return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
    }

    std::string read_string() {
        ++position_;
        std::string out;
        while (true) {
            const std::size_t start = position_;
            while (position_ < text_.size() && is_plain(text_[position_])) ++position_;
            out.append(text_, start, position_ - start);
            if (position_ == text_.size()) fail("the end of a string");
            const char c = text_[position_];
            if (c == '"') {
                ++position_;
                return out;
            }
            if (c == '\\') {
                read_escape(out);
            } else if (static_cast<unsigned char>(c) < 0x20) {
                fail("control characters as escapes");
            } else {
                const std::size_t length = utf8_sequence_length(text_.substr(position_));
                if (length == 0) fail("valid UTF-8");
                out.append(text_, position_, length);
                position_ += length;
            }
        }
    }

    void read_escape(std::string& out) {
        const std::size_t start = position_++;
        const std::size_t known = std::string_view("\"\\/bfnrt").find(peek());
        if (peek() == 'u') {
            ++position_;
            append_utf8(out, read_code_point());
        } else if (known != std::string_view::npos && position_ < text_.size()) {
            out += "\"\\/\b\f\n\r\t"[known];
            ++position_;
        } else {
            fail("an escape JSON knows");
        }
        if (strict_) check_escape_is_canonical(start);
    }

    // RFC 8785: two-character escapes where they exist, \u00xx in lower case for the other control
    // characters, and nothing else escaped.
    void check_escape_is_canonical(std::size_t start) {
        std::string_view escape = text_.substr(start, position_ - start);
        if (escape.size() == 2 && escape != "\\/") return;
        if (escape.size() == 6 && escape.substr(0, 4) == "\\u00") {
            const bool low_hex = escape[4] == '0' || escape[4] == '1';
            const bool lower = !(escape[5] >= 'A' && escape[5] <= 'F');
            const bool has_short_form =
                escape[4] == '0' &&
                std::string_view("89acd").find(escape[5]) != std::string_view::npos;
            if (low_hex && lower && !has_short_form) return;
        }
        position_ = start;
        fail("the shortest spelling of a character");
    }

    std::uint32_t read_hex4() {
        std::uint32_t value = 0;
        for (int i = 0; i < 4; ++i) {
            const char c = peek();
            std::uint32_t digit = 0;
            if (c >= '0' && c <= '9')
                digit = static_cast<std::uint32_t>(c - '0');
            else if (c >= 'a' && c <= 'f')
                digit = static_cast<std::uint32_t>(c - 'a') + 10;
            else if (c >= 'A' && c <= 'F')
                digit = static_cast<std::uint32_t>(c - 'A') + 10;
            else
                fail("four hexadecimal digits");
            value = value << 4 | digit;
            ++position_;
        }
        return value;
    }

    std::uint32_t read_code_point() {
        const std::uint32_t unit = read_hex4();
        if (unit < 0xD800 || unit > 0xDFFF) return unit;
        if (unit > 0xDBFF || !take('\\') || !take('u')) fail("a surrogate pair");
        const std::uint32_t low = read_hex4();
        if (low < 0xDC00 || low > 0xDFFF) fail("a surrogate pair");
        return 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    }

    std::string_view text_;
    std::string_view where_;
    bool strict_;
    std::size_t position_ = 0;
    std::size_t values_ = 0;
};

namespace {

void check_size(std::string_view text, std::string_view where) {
    if (text.size() <= json_max_document_bytes) return;
    throw Error(ErrorKind::malformed,
                "JSON too large: " + std::string(where) + " (expected at most 16 MiB)");
}

}  // namespace

Json parse_canonical(std::string_view text, std::string_view where) {
    check_size(text, where);
    return JsonReader(text, where, true).read();
}

Json parse_canonical_document(std::string_view text, std::string_view where) {
    if (!text.ends_with('\n')) {
        throw Error(ErrorKind::malformed, "not canonical JSON: " + std::string(where) +
                                              " (expected a newline at the end)");
    }
    return parse_canonical(text.substr(0, text.size() - 1), where);
}

Json parse_relaxed(std::string_view text, std::string_view where) {
    check_size(text, where);
    return JsonReader(text, where, false).read();
}

}  // namespace evidence
