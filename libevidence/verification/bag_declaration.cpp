#include "verification/bag_declaration.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/utf8.h"

namespace evidence {
namespace {

constexpr std::string_view version_label = "BagIt-Version";
constexpr std::string_view encoding_label = "Tag-File-Character-Encoding";

void add(Findings& findings, Weight weight, std::string message) {
    findings.add("bag.malformed-declaration", Layer::structure, weight, std::move(message),
                 std::string(bag_declaration_name));
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end);
        if (text.starts_with("\r\n")) {
            text.remove_prefix(2);
        } else if (!text.empty()) {
            text.remove_prefix(1);
        }
    }
    return lines;
}

bool equal_but_for_case(std::string_view one, std::string_view other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(), [](char a, char b) {
        const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : int{c}; };
        return lower(a) == lower(b);
    });
}

// The value of a line "LABEL: VALUE", exactly so; a finding and nullopt for anything else. Whether
// the label has upper and lower case where it should is noted and for the caller to judge.
std::optional<std::string_view> value_of(const std::vector<std::string_view>& lines,
                                         std::size_t index, std::string_view label,
                                         bool& in_other_letters, Findings& findings) {
    const std::string number = std::to_string(index + 1);
    if (index >= lines.size()) {
        add(findings, Weight::failed,
            "line " + number + " is missing (expected " + std::string(label) + ": ..)");
        return std::nullopt;
    }
    const std::string_view line = lines[index];
    const bool has_label = line.size() > label.size() + 2 &&
                           equal_but_for_case(line.substr(0, label.size()), label) &&
                           line.substr(label.size(), 2) == ": ";
    const std::string_view value = has_label ? line.substr(label.size() + 2) : line;
    if (!has_label || value.find_first_of(" \t") != std::string_view::npos) {
        add(findings, Weight::failed,
            "line " + number + " is not \"" + std::string(label) +
                ": \" and a value without white space");
        return std::nullopt;
    }
    if (!line.starts_with(label)) in_other_letters = true;
    return value;
}

// M.N of at most three digits each.
std::optional<BagVersion> parse_version(std::string_view text) {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    BagVersion version;
    const auto number = [](std::string_view digits, unsigned& value) {
        if (digits.empty() || digits.size() > 3) return false;
        for (char c : digits) {
            if (c < '0' || c > '9') return false;
            value = value * 10 + static_cast<unsigned>(c - '0');
        }
        return true;
    };
    if (!number(text.substr(0, dot), version.major)) return std::nullopt;
    if (!number(text.substr(dot + 1), version.minor)) return std::nullopt;
    return version;
}

void read_version(std::string_view text, BagDeclaration& declaration, Findings& findings) {
    const auto version = parse_version(text);
    if (!version) {
        add(findings, Weight::failed, "the version is not two numbers with a point between them");
        return;
    }
    declaration.version_text = text;
    declaration.version = *version;
    if (version->was_published() && version->text() == text) return;
    const bool from_the_future = *version > BagVersion{1, 0};
    findings.add("bag.unknown-version", Layer::structure,
                 from_the_future ? Weight::indeterminate : Weight::failed,
                 from_the_future
                     ? "BagIt " + std::string(text) + " is newer than this program; read as 1.0"
                     : "there is no BagIt " + std::string(text) + " (expected 0.93 to 0.97 or 1.0)",
                 std::string(bag_declaration_name));
}

void check_end(const std::vector<std::string_view>& lines, BagVersion version, Findings& findings) {
    for (std::size_t i = 2; i < lines.size(); ++i) {
        const bool is_blank = lines[i].find_first_not_of(" \t") == std::string_view::npos;
        add(findings, is_blank && !version.is_strict() ? Weight::warning : Weight::failed,
            "more than two lines");
        return;
    }
}

}  // namespace

BagDeclaration parse_bag_declaration(std::string_view bytes, Findings& findings) {
    BagDeclaration declaration;
    if (bytes.starts_with("\xEF\xBB\xBF")) {
        add(findings, Weight::failed, "begins with a byte order mark");
        bytes.remove_prefix(3);
    }
    if (!is_valid_utf8(bytes)) {
        add(findings, Weight::failed, "not UTF-8");
        return declaration;
    }
    const std::vector<std::string_view> lines = lines_of(bytes);
    bool in_other_letters = false;
    if (const auto text = value_of(lines, 0, version_label, in_other_letters, findings)) {
        read_version(*text, declaration, findings);
    }
    if (const auto text = value_of(lines, 1, encoding_label, in_other_letters, findings)) {
        declaration.encoding_name = *text;
        const auto encoding = tag_encoding_named(*text);
        declaration.encoding_is_known = encoding.has_value();
        if (encoding) declaration.encoding = *encoding;
    }
    if (in_other_letters) {  // as in the examples of the drafts
        add(findings, declaration.version.is_strict() ? Weight::failed : Weight::warning,
            "a label in other letters (expected " + std::string(version_label) + " and " +
                std::string(encoding_label) + ")");
    }
    if (!declaration.encoding_is_known) {
        findings.add("bag.unknown-encoding", Layer::structure, Weight::indeterminate,
                     "tag files in " + declaration.encoding_name +
                         " cannot be read here (expected UTF-8, US-ASCII, ISO-8859-1 or UTF-16)",
                     std::string(bag_declaration_name));
    }
    check_end(lines, declaration.version, findings);
    return declaration;
}

}  // namespace evidence
