#include "verification/package_head.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/line_reader.h"
#include "custody/chain.h"
#include "custody/ledger.h"
#include "custody/ledger_line.h"
#include "package/manifests.h"
#include "package/package_layout.h"
#include "package/zip_reader.h"

namespace evidence {
namespace {

constexpr std::size_t document_max_bytes = 16 * mib, list_max_bytes = 32 * mib;

[[noreturn]] void refuse(const std::string& where, const std::string& why) {
    throw Error(ErrorKind::malformed, "not a package to compare with: " + where + " (" + why + ")");
}

class SignedEntries {
public:
    SignedEntries(const File& package, const std::string& where)
        : package_(package), where_(where) {
        Findings findings;
        if (!looks_like_zip(package)) refuse(where, "expected a ZIP file");
        structure_ = read_zip_structure(package, findings);
        manifest_ = read(manifest_001, list_max_bytes);
    }

    const std::string& manifest() const { return manifest_; }
    std::string read(std::string_view name, std::size_t max_bytes) const {
        const ZipEntry* entry = structure_.find(name);
        if (!entry) refuse(where_, std::string(name) + " is missing");
        return read_entry(package_, *entry, max_bytes);
    }
    // What manifest 001 lists by its digest.
    std::string read_listed(std::string_view name) const {
        std::string text = read(name, document_max_bytes);
        if (manifest_.find(asic_manifest_line(name, sha256(text))) == std::string::npos) {
            refuse(where_, std::string(name) + " is not what was signed");
        }
        return text;
    }
    const ZipEntry* find(std::string_view name) const { return structure_.find(name); }

private:
    const File& package_;
    const std::string& where_;
    ZipStructure structure_;
    std::string manifest_;
};

}  // namespace

PackageHead read_package_head(const File& package, const std::string& where) {
    const SignedEntries entries(package, where);
    const std::string signature = entries.read(signature_001, cms_max_bytes);
    PackageHead head;
    head.signature = check_detached(as_bytes(signature), as_bytes(entries.manifest()), where);
    if (head.signature.findings.has_failure()) {
        refuse(where, head.signature.findings.all().front().message);
    }
    head.manifest_sha256 = sha256_hex(entries.manifest());
    head.document = parse_package_document(entries.read_listed("package.json"), "package.json");
    head.checkpoint =
        parse_checkpoint(entries.read_listed("custody/checkpoint"), "custody/checkpoint");
    if (head.checkpoint.origin != ledger_origin(head.document.ledger_id)) {
        refuse(where, "its checkpoint is of another ledger");
    }
    return head;
}

std::optional<Sha256> link_in_package(const File& package, const PackageHead& head,
                                      std::uint64_t size) try {
    Findings findings;
    const ZipStructure structure = read_zip_structure(package, findings);
    const ZipEntry* entry = structure.find("custody/ledger.jsonl");
    if (!entry) return std::nullopt;
    LineReader lines = LineReader::of_file(package, entry->data_offset(), entry->size, entry->name,
                                           json_max_line_bytes);
    Sha256 link = first_link(head.document.ledger_id);
    std::optional<Sha256> wanted;
    if (size == 0) wanted = link;
    std::uint64_t seq = 0;
    while (const auto text = lines.next()) {
        const LedgerLine line = parse_ledger_line(*text, entry->name);
        if (line.seq != seq) return std::nullopt;
        link = next_link(link, event_digest(line.tags, line.event_bytes_digest));
        if (++seq == size) wanted = link;
    }
    const bool leads_there = seq == head.checkpoint.size && link == head.checkpoint.hash;
    return leads_there ? wanted : std::nullopt;
} catch (const Error& error) {
    if (error.kind() != ErrorKind::malformed) throw;
    return std::nullopt;
}

}  // namespace evidence
