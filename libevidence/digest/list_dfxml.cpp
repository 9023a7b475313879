// The file objects of Digital Forensics XML, as hashdeep -d, fiwalk and we write them:
//
//     <fileobject>
//       <filename>a/b</filename><filesize>3</filesize>
//       <hashdigest type='MD5'>900150983cd24fb0d6963f7d28e17f72</hashdigest>
//     </fileobject>
//
// This is no XML parser: it takes text, these elements, character references and the five named
// ones, passes over other elements, and refuses what would give text another meaning (declarations
// of entities, CDATA sections, comments inside a file object).
#include <charconv>

#include "base/item_id.h"
#include "base/utf8.h"
#include "digest/list_reader.h"

namespace evidence {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
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

std::optional<std::string> text_of(std::string_view xml) {
    std::string text;
    while (!xml.empty()) {
        const std::size_t ampersand = std::min(xml.find('&'), xml.size());
        text += xml.substr(0, ampersand);
        xml.remove_prefix(ampersand);
        if (xml.empty()) break;
        const std::size_t semicolon = xml.find(';');
        if (semicolon == std::string_view::npos) return std::nullopt;
        const auto value = character(xml.substr(1, semicolon - 1));
        if (!value) return std::nullopt;
        text += *value;
        xml.remove_prefix(semicolon + 1);
    }
    return text;
}

// The value of type='..' or type="..".
std::string_view type_of(std::string_view tag) {
    const std::size_t at = tag.find(" type=");
    if (at == std::string_view::npos) return {};
    const std::string_view rest = tag.substr(at + std::string_view(" type=").size());
    if (!rest.starts_with('\'') && !rest.starts_with('"')) return {};
    return rest.substr(1, rest.find(rest[0], 1) - 1);
}

// What stands between <fileobject> and </fileobject>.
ListEntry parse_object(std::string_view xml, std::uint64_t line) {
    const auto problem = [line](std::string_view expected) { return ListProblem{line, expected}; };
    HashListFile file;
    while (true) {
        const std::size_t open = xml.find('<');
        if (open == std::string_view::npos) break;
        const std::size_t close = xml.find('>', open);
        if (close == std::string_view::npos) return problem("tags that end");
        const std::string_view tag = xml.substr(open + 1, close - open - 1);
        xml.remove_prefix(close + 1);
        if (tag.starts_with('!') || tag.starts_with('?')) return problem("elements and text only");
        if (tag.starts_with('/') || tag.ends_with('/')) continue;
        const std::string_view name = tag.substr(0, tag.find_first_of(blanks));
        if (name != "filename" && name != "filesize" && name != "hashdigest") continue;
        const std::size_t end = xml.find("</" + std::string(name));
        if (end == std::string_view::npos) return problem("elements that end");
        const std::string_view content = xml.substr(0, end);
        const std::optional<std::string> text = text_of(content);
        if (!text || content.find('<') != std::string_view::npos) return problem("text");
        if (name == "filename") {
            if (!file.name.empty()) return problem("one filename");
            file.name = *text;
        } else if (name == "filesize") {
            std::uint64_t size = 0;
            const std::string_view digits = trimmed(*text);
            const char* last = digits.data() + digits.size();
            const auto [stop, error] = std::from_chars(digits.data(), last, size);
            if (error != std::errc() || stop != last) return problem("a size");
            file.size_bytes = size;
        } else if (const auto algorithm = algorithm_of_column(type_of(tag))) {
            if (!add_digest(file, *algorithm, trimmed(*text))) {
                return problem("one digest of the algorithm's length");
            }
        }
        xml.remove_prefix(end);
    }
    if (file.name.empty() || file.name.find('\0') != std::string::npos) {
        return problem("a filename");
    }
    if (file.digests.empty()) return problem("a digest by an algorithm we know");
    return file;
}

class DfxmlListParser : public ListParser {
public:
    std::optional<ListEntry> next(ListLines& lines) override {
        constexpr std::string_view end_tag = "</fileobject>";
        while (true) {
            const std::size_t start = find_start();
            const std::size_t end =
                start == std::string::npos ? start : pending_.find(end_tag, start);
            if (end != std::string::npos) {
                const std::size_t content = pending_.find('>', start) + 1;
                const std::string object = pending_.substr(content, end - content);
                pending_.erase(0, end + end_tag.size());
                return parse_object(object, lines.number());
            }
            if (start == std::string::npos) pending_.clear();
            if (pending_.size() > hash_list_max_line_bytes) {
                pending_.clear();
                return ListProblem{lines.number(), "a file object of at most 256 KiB"};
            }
            const auto line = lines.next();
            if (!line) return at_end(lines);
            if (line->find("<!ENTITY") != std::string_view::npos ||
                line->find("<!DOCTYPE") != std::string_view::npos) {
                return ListProblem{lines.number(), "no declarations"};
            }
            pending_.append(*line).append(1, '\n');
        }
    }

private:
    std::size_t find_start() const {
        const std::size_t plain = pending_.find("<fileobject>");
        return plain != std::string::npos ? plain : pending_.find("<fileobject ");
    }

    std::optional<ListEntry> at_end(const ListLines& lines) {
        if (pending_.empty()) return std::nullopt;
        pending_.clear();
        return ListProblem{lines.number(), "a file object that ends"};
    }

    std::string pending_;  // text from a <fileobject> on
};

}  // namespace

std::unique_ptr<ListParser> dfxml_list_parser() { return std::make_unique<DfxmlListParser>(); }

}  // namespace evidence
