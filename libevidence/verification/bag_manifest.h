// Manifests of bags: their file names and their lines (RFC 8493 sections 2.1.3 and 2.2.1), and the
// quirks of those that were made with md5sum and its siblings (section 6.1.3). Private to the room.
//
// Thread rule: plain functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/bytes.h"

namespace evidence {

enum class ManifestKind { payload, tags };

struct ManifestName {
    ManifestKind kind;
    std::string algorithm;  // normalised
    bool is_normalised;     // as written
};

// "manifest-sha256.txt", "tagmanifest-md5.txt"; nullopt for other names.
std::optional<ManifestName> parse_manifest_name(std::string_view file_name);

struct ManifestLine {
    Bytes digest;
    std::string path;             // as written, without what md5sum puts around it
    bool is_md5sum_form = false;  // an asterisk before the path, or a backslash before the digest
};

struct ManifestLineProblem {
    std::string_view expected;
};

// `digest_bytes` is the length the algorithm has; nullopt when that is not known. Precondition: the
// line is not blank.
std::variant<ManifestLine, ManifestLineProblem> parse_manifest_line(
    std::string_view line, std::optional<std::size_t> digest_bytes);

bool is_blank_line(std::string_view line);

}  // namespace evidence
