#include "package/origin_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/base64.h"
#include "base/checkpoint_text.h"
#include "base/error.h"
#include "base/hex.h"
#include "package/manifests.h"
#include "package/package_layout.h"
#include "signature/cms_signature.h"

namespace evidence {
namespace {

constexpr std::size_t checkpoint_max_bytes = 4096;

// Takes "<reference to name with its digest>\n" off the front of `list`.
std::optional<Sha256> take_reference(std::string_view& list, std::string_view name) {
    const std::string pattern = asic_manifest_line(name, Sha256{});
    const std::string zeros = to_base64(Sha256{});
    const std::size_t at = pattern.find(">" + zeros + "<") + 1;
    if (list.size() < pattern.size()) return std::nullopt;
    const std::optional<Bytes> digest = from_base64(list.substr(at, zeros.size()));
    Sha256 found{};
    if (!digest || digest->size() != found.size()) return std::nullopt;
    std::copy(digest->begin(), digest->end(), found.begin());
    if (list.substr(0, pattern.size()) != asic_manifest_line(name, found)) return std::nullopt;
    list.remove_prefix(pattern.size());
    return found;
}

}  // namespace

OriginPackage::OriginPackage(const fs::path& path) : file_(File::open_read(path)) {
    if (!looks_like_zip(file_)) {
        throw Error(ErrorKind::malformed,
                    "not a package: " + file_.name() + " (expected a file that seal wrote)");
    }
    Findings findings;
    zip_ = read_zip_structure(file_, findings);
    require_no_failure(findings);
    const std::string list = check_signature(manifest_001, signature_001);
    manifest_sha256_ = sha256_hex(list);
    read_list(list);
    document_ =
        parse_package_document(content("package.json", json_max_document_bytes), "package.json");
    const auto require_sealer = [this](std::string_view signature) {
        if (signer_->fingerprint() == document_.sealed_by.certificate_sha256) return;
        refuse(fmt::format("the signer of {} is not the one package.json names", signature));
    };
    require_sealer(signature_001);
    const std::string heads = check_signature(manifest_002, signature_002);
    require_sealer(signature_002);
    std::vector<ListedFile> expected;
    for (const std::string_view name : names_in_manifest_002) {
        expected.push_back({std::string(name), facts_of(entry(name)).sha256});
    }
    if (heads != asic_manifest(signature_002, expected)) {
        refuse(fmt::format("{} does not list these files", manifest_002));
    }
    if (document_.kind == PackageKind::seal) return;
    require_origins();
    disclosure_ = parse_disclosure_document(content("disclosure.json", json_max_document_bytes),
                                            "disclosure.json");
}

// Each level says in its terms what it was cut from; all of them have to be there.
void OriginPackage::require_origins() const {
    std::string prefix;
    while (true) {
        const std::string name = prefix + "terms.json";
        const std::optional<TermsOrigin> origin =
            parse_terms_document(content(name, json_max_document_bytes), name).origin;
        const std::string below = prefix + "origin/";
        const bool is_there = find(below + "terms.json") != nullptr;
        if (!origin && is_there) refuse(below + " is the origin of nothing");
        if (!origin) return;
        if (!is_there) refuse(name + " names an origin that is not there");
        const std::string next = below + "terms.json";
        if (parse_terms_document(content(next, json_max_document_bytes), next).package_id !=
            origin->package_id) {
            refuse(below + " is another package than " + name + " names");
        }
        prefix = below;
    }
}

void OriginPackage::refuse(const std::string& difference) const {
    throw Error(ErrorKind::refused,
                fmt::format("not a package as it was sealed: {} ({})", file_.name(), difference),
                "evidence-verify says what is wrong with it");
}

void OriginPackage::require_no_failure(const Findings& findings) const {
    for (const Finding& finding : findings.all()) {
        if (finding.weight != Weight::failed) continue;
        refuse(fmt::format("{}: {}{}{}", finding.code, finding.message,
                           finding.where.empty() ? "" : ": ", finding.where));
    }
}

// Returns the list that is signed.
std::string OriginPackage::check_signature(std::string_view manifest, std::string_view signature) {
    std::string list = read_entry(file_, entry(manifest), manifest_max_bytes);
    DetachedSignature checked = check_detached(
        as_bytes(read_entry(file_, entry(signature), cms_max_bytes)), as_bytes(list), signature);
    require_no_failure(checked.findings);
    if (!checked.signer) refuse(fmt::format("{} has no signer", signature));
    signer_ = std::move(checked.signer);
    intermediates_ = std::move(checked.intermediates);
    return list;
}

void OriginPackage::read_list(std::string_view list) {
    const std::string head = asic_manifest_head(signature_001);
    bool fits = list.starts_with(head);
    list.remove_prefix(std::min(head.size(), list.size()));
    for (const ZipEntry& each : zip_.entries) {
        listed_.push_back(std::nullopt);
        if (!fits || !is_in_manifest_001(each.name)) continue;
        listed_.back() = take_reference(list, each.name);
        fits = listed_.back().has_value();
    }
    if (!fits || list != asic_manifest_tail) {
        refuse(fmt::format("{} does not list these files", manifest_001));
    }
}

const ZipEntry& OriginPackage::entry(std::string_view name) const {
    const ZipEntry* found = zip_.find(name);
    if (!found) refuse(fmt::format("expected an entry {}", name));
    return *found;
}

ContentFacts OriginPackage::facts_of(const ZipEntry& each) const {
    const auto at = static_cast<std::size_t>(&each - zip_.entries.data());
    // META-INF and mimetype are in no list: their own digest is all there is.
    if (listed_[at]) return {each.size, each.crc32, *listed_[at]};
    ContentMeter meter;
    visit_content(file_, each.data_offset(), each.size,
                  [&meter](ByteView bytes) { meter.update(bytes); });
    return meter.finish();
}

std::string OriginPackage::content(std::string_view name, std::size_t max_bytes) const {
    const ZipEntry& each = entry(name);
    std::string text = read_entry(file_, each, max_bytes);
    if (sha256(text) != facts_of(each).sha256) refuse(fmt::format("{} was changed", name));
    return text;
}

void OriginPackage::visit_lines(
    std::string_view name, std::size_t max_line_bytes,
    const std::function<void(std::string_view line, std::uint64_t number)>& visitor) const {
    const ZipEntry& each = entry(name);
    Hasher hasher(Algorithm::sha256);
    std::uint64_t position = 0;
    LineReader lines(
        [&](MutableByteView buffer) {
            const std::uint64_t wanted =
                std::min<std::uint64_t>(buffer.size(), each.size - position);
            const std::size_t got = file_.read_at(buffer.first(static_cast<std::size_t>(wanted)),
                                                  each.data_offset() + position);
            hasher.update(ByteView(buffer).first(got));
            position += got;
            return got;
        },
        std::string(name), max_line_bytes);
    while (const auto line = lines.next()) visitor(*line, lines.line_number());
    if (lines.ended_without_newline() || hasher.finish_sha256() != facts_of(each).sha256) {
        refuse(fmt::format("{} was changed", name));
    }
}

OriginView::OriginView(const OriginPackage& package, std::size_t level) : package_(package) {
    for (std::size_t i = 0; i < level; ++i) prefix_ += "origin/";
}

std::size_t OriginView::levels(const OriginPackage& package) {
    std::size_t level = 1;
    while (OriginView(package, level).find("items.checkpoint")) ++level;
    return level;
}

CheckpointText OriginView::items_checkpoint() const {
    return parse_checkpoint(content("items.checkpoint", checkpoint_max_bytes),
                            name("items.checkpoint"));
}

}  // namespace evidence
