#include "package/timestamp_attachment.h"

#include <algorithm>

#include "base/error.h"
#include "package/documents.h"
#include "package/manifests.h"
#include "package/package_layout.h"
#include "package/package_tail.h"
#include "package/zip_reader.h"

namespace evidence {
namespace {

constexpr std::size_t covered_max_bytes = 64 * mib;

[[noreturn]] void refuse(const fs::path& package, const std::string& why) {
    throw Error(ErrorKind::refused, "no time-stamps for " + package.native() + ": " + why);
}

std::string content_of(const File& file, const ZipStructure& zip, std::string_view name,
                       std::size_t max_bytes, const fs::path& package) {
    const ZipEntry* entry = zip.find(name);
    if (!entry) refuse(package, "it has no " + std::string(name));
    return read_entry(file, *entry, max_bytes);
}

void require_waiting(const File& file, const ZipStructure& zip, const fs::path& package) {
    const PackageDocument document = parse_package_document(
        content_of(file, zip, "package.json", json_max_document_bytes, package), "package.json");
    if (document.timestamp == TimestampPolicy::none) {
        refuse(package, "it was sealed without any (expected evidence-seal --timestamp later)");
    }
    for (const TimestampNames& names : time_stamp_names) {
        if (zip.find(names.manifest) || zip.find(names.token))
            refuse(package, "it has them already");
    }
}

// The pending one that a token was made over.
std::optional<std::size_t> place_of(const std::vector<PendingTimestamp>& pending,
                                    const Bytes& token) {
    const TrustStore nobody;
    for (std::size_t i = 0; i < pending.size(); ++i) {
        const TimestampCheck check = check_timestamp(token, as_bytes(pending[i].manifest), nobody);
        const bool other = std::any_of(check.problems.begin(), check.problems.end(),
                                       [](const TimestampProblem& problem) {
                                           return problem.fault == TimestampFault::wrong_content;
                                       });
        if (!other) return i;
    }
    return std::nullopt;
}

}  // namespace

std::vector<PendingTimestamp> pending_time_stamps(const fs::path& package) {
    const File file = File::open_read(package);
    Findings findings;
    const ZipStructure zip = read_zip_structure(file, findings);
    for (const Finding& finding : findings.all()) {
        refuse(package, "it is not whole, " + finding.code);
    }
    require_waiting(file, zip, package);
    std::vector<PendingTimestamp> pending;
    for (const TimestampNames& names : time_stamp_names) {
        std::vector<ListedFile> files;
        for (const std::string_view name : names.covered) {
            files.push_back({std::string(name),
                             sha256(content_of(file, zip, name, covered_max_bytes, package))});
        }
        pending.push_back({std::string(names.manifest), asic_manifest(names.token, files),
                           std::string(names.token)});
    }
    return pending;
}

TimestampFacts attach_time_stamps(const fs::path& package, const std::vector<Bytes>& tokens,
                                  const std::vector<std::string>& names,
                                  const TrustStore* authorities) {
    const std::vector<PendingTimestamp> pending = pending_time_stamps(package);
    std::vector<std::optional<Timestamp>> stamps(pending.size());
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const auto place = place_of(pending, tokens[i]);
        if (!place) refuse(package, names[i] + " is a time-stamp of something else");
        if (stamps[*place]) refuse(package, names[i] + " is a second time-stamp of the same");
        stamps[*place] =
            require_timestamp(tokens[i], as_bytes(pending[*place].manifest), authorities, names[i]);
    }
    NewEntries entries;
    for (std::size_t i = 0; i < pending.size(); ++i) {
        if (!stamps[i]) refuse(package, "none is given for " + pending[i].manifest_name);
        entries.emplace_back(pending[i].manifest_name, pending[i].manifest);
        entries.emplace_back(pending[i].token_name, as_text(stamps[i]->token));
    }
    append_entries(package, entries);
    return stamps.front()->facts;
}

}  // namespace evidence
