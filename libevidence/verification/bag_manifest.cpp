#include "verification/bag_manifest.h"

#include "base/hex.h"
#include "digest/foreign_digest.h"

namespace evidence {
namespace {

constexpr std::string_view white_space = " \t";

// \\ and \n as md5sum writes them; any other backslash stays.
std::string without_escapes(std::string_view path) {
    std::string plain;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const char next = i + 1 < path.size() ? path[i + 1] : '\0';
        if (path[i] == '\\' && (next == '\\' || next == 'n' || next == 'r')) {
            plain += next == 'n' ? '\n' : next == 'r' ? '\r' : '\\';
            ++i;
        } else {
            plain += path[i];
        }
    }
    return plain;
}

}  // namespace

std::optional<ManifestName> parse_manifest_name(std::string_view file_name) {
    constexpr std::string_view payload = "manifest-", tags = "tagmanifest-", ending = ".txt";
    if (!file_name.ends_with(ending)) return std::nullopt;
    file_name.remove_suffix(ending.size());
    ManifestName name{ManifestKind::payload, {}, false};
    if (file_name.starts_with(tags)) {
        name.kind = ManifestKind::tags;
        file_name.remove_prefix(tags.size());
    } else if (file_name.starts_with(payload)) {
        file_name.remove_prefix(payload.size());
    } else {
        return std::nullopt;
    }
    name.algorithm = normalised_algorithm_name(file_name);
    name.is_normalised = name.algorithm == file_name;
    if (name.algorithm.empty()) return std::nullopt;
    return name;
}

std::variant<ManifestLine, ManifestLineProblem> parse_manifest_line(
    std::string_view line, std::optional<std::size_t> digest_bytes) {
    ManifestLine result;
    const bool is_escaped = line.starts_with('\\');
    if (is_escaped) line.remove_prefix(1);
    std::string digits(line.substr(0, line.find_first_of(white_space)));
    line.remove_prefix(digits.size());
    for (char& c : digits) {
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
    }
    const auto digest = from_hex(digits);
    if (!digest || digest->empty()) return ManifestLineProblem{"hexadecimal digits at the start"};
    if (digest_bytes && digest->size() != *digest_bytes) {
        return ManifestLineProblem{"as many digits as the algorithm has"};
    }
    const std::size_t start = line.find_first_not_of(white_space);
    if (start == std::string_view::npos || start == 0) {
        return ManifestLineProblem{"white space and a path behind the digest"};
    }
    line.remove_prefix(start);
    const bool has_asterisk = line.starts_with('*');
    if (has_asterisk) line.remove_prefix(1);
    result.digest = *digest;
    result.path = is_escaped ? without_escapes(line) : std::string(line);
    result.is_md5sum_form = is_escaped || has_asterisk;
    return result;
}

bool is_blank_line(std::string_view line) {
    return line.find_first_not_of(white_space) == std::string_view::npos;
}

}  // namespace evidence
