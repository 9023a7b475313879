#include "verification/verify_package.h"

#include "base/error.h"
#include "package/manifests.h"
#include "verification/entry_hash.h"
#include "verification/package_check.h"

namespace evidence {
namespace {

constexpr std::string_view required_entries[] = {
    "mimetype",           "bagit.txt",           "bag-info.txt",
    "README.txt",         "package.json",        "terms.json",
    "items.jsonl",        "items.checkpoint",    "custody/ledger.jsonl",
    "custody/checkpoint", "manifest-sha256.txt", "tagmanifest-sha256.txt",
    manifest_001,         signature_001,         manifest_002,
    signature_002};

bool is_streamed_later(std::string_view name) {
    return is_payload(name) || name == "items.jsonl" || name == "custody/ledger.jsonl";
}

void check_required_entries(PackageCheck& check) {
    for (std::string_view name : required_entries) {
        if (check.structure.find(name)) continue;
        const bool signature = name.ends_with(".p7s");
        check.fail(signature ? "signature.absent" : "bag.missing-tag-file",
                   signature ? Layer::signature : Layer::structure, "missing from the package",
                   std::string(name));
    }
}

std::uint64_t total_bytes(const ZipStructure& structure) {
    std::uint64_t total = 0;
    for (const ZipEntry& entry : structure.entries) total += entry.size;
    return total;
}

}  // namespace

std::optional<std::string> PackageCheck::text_of(std::string_view name,
                                                 std::size_t max_bytes) const {
    const ZipEntry* entry = structure.find(name);
    if (!entry) return std::nullopt;  // check_required_entries has said so
    if (entry->size > max_bytes) {
        fail("bag.malformed-tag-file", Layer::structure,
             "larger than any such file (expected at most " + std::to_string(max_bytes) + " bytes)",
             std::string(name));
        return std::nullopt;
    }
    try {
        return read_entry(file, *entry, max_bytes);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        fail("zip.truncated", Layer::structure, error.message(), std::string(name));
        return std::nullopt;
    }
}

void check_small_entries(PackageCheck& check) {
    for (const ZipEntry& entry : check.structure.entries) {
        if (!is_streamed_later(entry.name)) hash_entry(check, entry);
    }
}

const TrustStore& VerificationOptions::anchors() const {
    static const TrustStore nothing_given;
    return trust ? *trust : nothing_given;
}

const TrustStore& VerificationOptions::anchors_of_time() const {
    return authorities ? *authorities : anchors();
}

VerificationReport verify_package(const fs::path& package, const VerificationOptions& options,
                                  const Context& context) {
    return verify_package(File::open_read(package), options, context);
}

// A layer of which nothing was there to look at does not hold; it is not spoken of.
std::set<Layer> layers_looked_at(const PackageCheck& check) {
    std::set<Layer> layers = check.report.layers;
    layers.insert({Layer::structure, Layer::signature});
    if (!check.report.objects.empty()) layers.insert(Layer::content);
    if (!check.items.empty()) layers.insert(Layer::acquisition);
    if (check.report.custody) layers.insert(Layer::custody);
    if (check.package && !check.package->conditions.items().empty()) layers.insert(Layer::legal);
    if (check.report.signing_time) layers.insert({Layer::identity, Layer::time});
    return layers;
}

VerificationReport verify_package(const File& file, const VerificationOptions& options,
                                  const Context& context) {
    if (!looks_like_zip(file)) {
        throw Error(ErrorKind::malformed,
                    "not a sealed package: " + file.name() + " (expected a ZIP file)");
    }
    VerificationReport report;
    report.target = file.name();
    report.checked_at = context.clock.now();
    PackageCheck check{file, options, context, report, read_zip_structure(file, report.findings),
                       {},   {},      {},      {},     {},
                       {},   {},      {},      {},     {},
                       {}};
    context.progress.start("verifying", total_bytes(check.structure));
    check_required_entries(check);
    check_small_entries(check);
    check_documents(check);
    read_origins(check);
    check_items(check);
    check_custody(check);
    check_acquisitions(check);
    check_manifests(check);
    check_disclosure(check);
    check_origins(check);
    check_original(check);
    check_time_stamps(check);
    check_signatures(check);
    check_signer_count(check);
    check_meta_inf(check);
    check_outside_heads(check);
    report.layers = layers_looked_at(check);
    context.progress.finish();
    return report;
}

}  // namespace evidence
