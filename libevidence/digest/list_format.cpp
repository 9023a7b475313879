#include "digest/list_format.h"

#include <algorithm>

#include "base/hex.h"
#include "base/item_id.h"
#include "digest/hash_list.h"

namespace evidence {
namespace {

// Whether a line begins as those of sha256sum do, even if the rest of it is unusable.
bool begins_with_digest(std::string_view line) {
    if (line.starts_with('\\')) line.remove_prefix(1);
    const std::string_view word = line.substr(0, line.find_first_of(" \t"));
    return std::any_of(all_algorithms.begin(), all_algorithms.end(), [word](Algorithm algorithm) {
        return is_hex(fold_case(word), 2 * digest_bytes(algorithm));
    });
}

// Of NetBSD's, which have no mark, by a keyword behind the first name. A checksum line of a file
// that is called " size=1" is none.
bool is_mtree(std::string_view line) {
    if (line.starts_with("#mtree") || line.starts_with("/set ")) return true;
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    if (begins_with_digest(line)) return false;
    if (std::holds_alternative<HashLine>(parse_hash_line(line))) return false;
    const std::size_t blank = line.find_first_of(" \t");
    if (blank == std::string_view::npos) return false;
    const std::string_view rest =
        line.substr(std::min(line.find_first_not_of(" \t", blank), line.size()));
    return rest.starts_with("type=") || rest.starts_with("size=");
}

}  // namespace

std::string_view name_of(ListFormat format) {
    switch (format) {
        case ListFormat::sha256sum:
            return "sha256sum";
        case ListFormat::bsd:
            return "bsd";
        case ListFormat::bagit:
            return "bagit";
        case ListFormat::hashdeep:
            return "hashdeep";
        case ListFormat::jsonl:
            return "jsonl";
        case ListFormat::dfxml:
            return "dfxml";
        case ListFormat::mtree:
            return "mtree";
        case ListFormat::nsrl:
            return "nsrl";
    }
    return "";
}

std::optional<ListFormat> list_format_named(std::string_view name) {
    const auto found = std::find_if(all_list_formats.begin(), all_list_formats.end(),
                                    [name](ListFormat format) { return name_of(format) == name; });
    if (found == all_list_formats.end()) return std::nullopt;
    return *found;
}

ListFormat list_format_of(std::string_view first_line, std::string_view file_name) {
    if (first_line.starts_with("%%%% HASHDEEP-1.")) return ListFormat::hashdeep;
    if (first_line.starts_with("<?xml") || first_line.starts_with("<dfxml")) {
        return ListFormat::dfxml;
    }
    if (first_line.starts_with("{\"")) return ListFormat::jsonl;
    if (first_line.starts_with("\"SHA-1\"") || first_line.starts_with("\"SHA-256\"")) {
        return ListFormat::nsrl;
    }
    if (is_mtree(first_line)) return ListFormat::mtree;
    const std::string_view last = file_name.substr(file_name.rfind('/') + 1);
    const bool is_manifest = (last.starts_with("manifest-") || last.starts_with("tagmanifest-")) &&
                             last.ends_with(".txt");
    return is_manifest ? ListFormat::bagit : ListFormat::sha256sum;
}

const ListedDigest* digest_by(const HashListFile& file, Algorithm algorithm) {
    const auto found = std::find_if(
        file.digests.begin(), file.digests.end(),
        [algorithm](const ListedDigest& digest) { return digest.algorithm == algorithm; });
    return found == file.digests.end() ? nullptr : &*found;
}

Algorithm strongest_algorithm(const HashListFile& file) {
    return *std::find_if(
        algorithms_by_strength.begin(), algorithms_by_strength.end(),
        [&file](Algorithm algorithm) { return digest_by(file, algorithm) != nullptr; });
}

}  // namespace evidence
