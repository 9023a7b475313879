#include "digest/hash_list.h"

#include <algorithm>
#include <optional>

#include "base/hex.h"
#include "base/item_id.h"

namespace evidence {
namespace {

constexpr std::string_view escaped_characters = "\\\n\r";

struct Tag {
    std::string_view name;
    Algorithm algorithm;
};

// The first name of each algorithm is the one we write; the others are OpenSSL's and our own.
constexpr std::array tags = {
    Tag{"MD5", Algorithm::md5},
    Tag{"SHA1", Algorithm::sha1},
    Tag{"SHA256", Algorithm::sha256},
    Tag{"SHA384", Algorithm::sha384},
    Tag{"SHA512", Algorithm::sha512},
    Tag{"SHA3-256", Algorithm::sha3_256},
    Tag{"BLAKE2b", Algorithm::blake2b512},
    Tag{"SHA2-256", Algorithm::sha256},
    Tag{"SHA2-384", Algorithm::sha384},
    Tag{"SHA2-512", Algorithm::sha512},
    Tag{"BLAKE2B-512", Algorithm::blake2b512},
    Tag{"BLAKE2b512", Algorithm::blake2b512},
};

std::string_view tag_of(Algorithm algorithm) {
    const auto tag = std::find_if(tags.begin(), tags.end(),
                                  [&](const Tag& each) { return each.algorithm == algorithm; });
    return tag->name;
}

std::optional<Algorithm> tagged_algorithm(std::string_view name) {
    const auto tag =
        std::find_if(tags.begin(), tags.end(), [&](const Tag& each) { return each.name == name; });
    if (tag == tags.end()) return std::nullopt;
    return tag->algorithm;
}

void append_escaped(std::string& out, std::string_view name) {
    for (char c : name) {
        if (c == '\\')
            out += "\\\\";
        else if (c == '\n')
            out += "\\n";
        else if (c == '\r')
            out += "\\r";
        else
            out += c;
    }
}

std::optional<std::string> unescape(std::string_view text) {
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            name += text[i];
            continue;
        }
        const char escape = i + 1 < text.size() ? text[++i] : '\0';
        if (escape == '\\')
            name += '\\';
        else if (escape == 'n')
            name += '\n';
        else if (escape == 'r')
            name += '\r';
        else
            return std::nullopt;
    }
    return name;
}

void skip_blanks(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
}

using Parsed = std::variant<HashLine, HashLineProblem>;

Parsed finish_line(Algorithm algorithm, std::string_view digest, std::string_view name,
                   bool escaped) {
    const std::string digest_hex = fold_case(digest);
    if (!is_hex(digest_hex, 2 * digest_bytes(algorithm))) {
        return HashLineProblem{"a digest of the algorithm's length"};
    }
    const std::optional<std::string> plain = escaped ? unescape(name) : std::string(name);
    if (!plain)
        return HashLineProblem{"no escape but those of backslash, newline and carriage return"};
    if (plain->empty()) return HashLineProblem{"a name"};
    if (plain->find('\0') != std::string::npos) return HashLineProblem{"a name without zero bytes"};
    return HashLine{algorithm, digest_hex, *plain};
}

// "SHA256 (name) = digest" or "SHA2-256(name)= digest". The digest holds no parenthesis, so the
// last one ends the name whatever the name holds.
Parsed parse_bsd(std::string_view line, std::size_t open, bool escaped) {
    std::string_view tag = line.substr(0, open);
    if (tag.ends_with(' ')) tag.remove_suffix(1);
    const auto algorithm = tagged_algorithm(tag);
    if (!algorithm) return HashLineProblem{"an algorithm we know"};
    const std::size_t close = line.rfind(')');
    if (close == std::string_view::npos) return HashLineProblem{"') = ' after the name"};
    std::string_view rest = line.substr(close + 1);
    skip_blanks(rest);
    if (!rest.starts_with('=')) return HashLineProblem{"') = ' after the name"};
    rest.remove_prefix(1);
    skip_blanks(rest);
    return finish_line(*algorithm, rest, line.substr(open + 1, close - open - 1), escaped);
}

}  // namespace

std::string format_hash_line(HashListForm form, HashLineEnd end, Algorithm algorithm,
                             std::string_view digest_hex, std::string_view name) {
    const bool escape = end == HashLineEnd::newline &&
                        name.find_first_of(escaped_characters) != std::string_view::npos;
    std::string line;
    line.reserve(digest_hex.size() + name.size() + 16);
    if (escape) line += '\\';
    if (form == HashListForm::plain) {
        line.append(digest_hex).append("  ");
    } else {
        line.append(tag_of(algorithm)).append(" (");
    }
    if (escape) {
        append_escaped(line, name);
    } else {
        line += name;
    }
    if (form == HashListForm::bsd) line.append(") = ").append(digest_hex);
    line += end == HashLineEnd::newline ? '\n' : '\0';
    return line;
}

std::variant<HashLine, HashLineProblem> parse_hash_line(std::string_view line,
                                                        const std::vector<Algorithm>& untagged) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    skip_blanks(line);
    const bool escaped = line.starts_with('\\');
    if (escaped) line.remove_prefix(1);

    const std::size_t digits =
        std::min(line.find_first_not_of("0123456789abcdefABCDEF"), line.size());
    const auto algorithm = std::find_if(untagged.begin(), untagged.end(), [&](Algorithm each) {
        return 2 * digest_bytes(each) == digits;
    });
    if (algorithm != untagged.end()) {
        const std::string_view rest = line.substr(digits);
        if (!rest.starts_with("  ") && !rest.starts_with(" *")) {
            return HashLineProblem{"two spaces, or a space and an asterisk, before the name"};
        }
        return finish_line(*algorithm, line.substr(0, digits), rest.substr(2), escaped);
    }
    const std::size_t open = line.find('(');
    if (open != std::string_view::npos) return parse_bsd(line, open, escaped);
    return HashLineProblem{"a digest of a known length, two spaces and a name"};
}

bool is_hash_list_comment(std::string_view line) {
    return line.empty() || line == "\r" || line.starts_with('#');
}

}  // namespace evidence
