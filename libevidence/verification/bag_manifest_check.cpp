// The manifests of a bag: which there are, and each of their lines.
#include <algorithm>

#include "verification/bag_check.h"

namespace evidence {

void BagCheck::check_manifests() {
    for (const std::string& file_name : source_.tag_files()) {
        const auto name = parse_manifest_name(file_name);
        if (name) check_manifest(file_name, *name);
    }
    if (payload_manifests_.empty()) {
        add("bag.no-manifest", Weight::failed,
            "no payload manifest: nothing to compare the payload with "
            "(expected manifest-ALGORITHM.txt)");
    }
    if (tag_manifests_.empty()) {
        add("bag.no-tag-manifest", Weight::info,
            "no tag manifest: nothing to compare the tag files with");
    }
    check_tag_manifests_list_manifests();
    judge_algorithms();
}

void BagCheck::check_manifest(const std::string& file_name, const ManifestName& name) {
    if (++manifests_ > bag_max_manifests) {
        if (!has_limit_) {
            add("bag.limit", Weight::indeterminate,
                "more than " + std::to_string(bag_max_manifests) + " manifests");
        }
        has_limit_ = true;
        return;
    }
    const bool of_payload = name.kind == ManifestKind::payload;
    (of_payload ? payload_manifests_ : tag_manifests_).push_back(file_name);
    (of_payload ? facts_.payload_algorithms : facts_.tag_algorithms).push_back(name.algorithm);
    if (!name.is_normalised) {
        add("bag.algorithm-name",
            declaration_.version.is_strict() ? Weight::failed : Weight::warning,
            "the algorithm is not in its normalised form (expected " + name.algorithm + ")",
            file_name);
    }
    const auto algorithm = foreign_algorithm_named(name.algorithm);
    if (!algorithm) {
        add("bag.unknown-algorithm", Weight::indeterminate,
            "digests of this algorithm cannot be computed here: " + name.algorithm, file_name);
    }
    read_manifest(file_name, name, algorithm);
}

void BagCheck::read_manifest(const std::string& file_name, const ManifestName& name,
                             const std::optional<ForeignAlgorithm>& algorithm) {
    file_ = file_name;
    said_md5sum_ = said_not_normal_ = false;
    if (name.kind == ManifestKind::tags) manifests_in_tag_manifest_.emplace_back();
    const std::size_t index = contents_->add_manifest(file_name, name.kind, algorithm);
    std::optional<std::size_t> digest_bytes;
    if (algorithm) digest_bytes = algorithm->digest_bytes;
    const File file = source_.open_tag_file(file_name);
    TagLines lines(file, declaration_.encoding);
    while (const auto line = lines.next()) {
        if (++lines_ > bag_max_lines) {
            add("bag.limit", Weight::indeterminate,
                "more than " + std::to_string(bag_max_lines) + " lines in the manifests", file_);
            has_limit_ = true;
            return;
        }
        if (lines_ % 4096 == 0) context_.check_interrupted();
        line_ = lines.line_number();
        if (!is_blank_line(*line)) read_line(index, name.kind, digest_bytes, *line);
    }
    finish_lines(lines, file_name);
}

void BagCheck::read_line(std::size_t manifest, ManifestKind kind,
                         std::optional<std::size_t> digest_bytes, std::string_view line) {
    const auto parsed = parse_manifest_line(line, digest_bytes);
    if (const auto* problem = std::get_if<ManifestLineProblem>(&parsed)) {
        add("bag.malformed-manifest", Weight::failed,
            "not a line of a manifest (expected " + std::string(problem->expected) + ")", here());
        return;
    }
    const ManifestLine& entry = std::get<ManifestLine>(parsed);
    if (entry.is_md5sum_form && !said_md5sum_) {
        said_md5sum_ = true;
        add("bag.md5sum-manifest", Weight::warning,
            "written as md5sum does, with an asterisk or backslashes; strict programs refuse it",
            here());
    }
    const auto path = place_of(entry.path, kind);
    if (!path) return;
    const bool is_top = path->find('/') == std::string::npos;
    const auto named = is_top ? parse_manifest_name(*path) : std::nullopt;
    if (kind == ManifestKind::tags && named && named->kind == ManifestKind::tags) {
        add("bag.wrong-entry", declaration_.version.is_strict() ? Weight::failed : Weight::warning,
            *path == file_ ? "a tag manifest lists itself"
                           : "a tag manifest lists a tag manifest: " + *path,
            here());
    }
    if (kind == ManifestKind::tags && named) manifests_in_tag_manifest_.back().push_back(*path);
    contents_->add_line(manifest, *path, entry.path, entry.digest, line_);
}

// Else whoever changes the payload changes the manifest with it, and the tag manifest still agrees.
void BagCheck::check_tag_manifests_list_manifests() {
    for (const auto& listed : manifests_in_tag_manifest_) {
        for (const std::string& manifest : payload_manifests_) {
            if (std::find(listed.begin(), listed.end(), manifest) != listed.end()) continue;
            add("bag.manifest-not-listed",
                declaration_.version.is_strict() ? Weight::failed : Weight::warning,
                "a tag manifest does not list this payload manifest", manifest);
        }
    }
}

}  // namespace evidence
