// The package that a disclosure is cut from, and the origins inside it when it is a disclosure
// itself: read strictly, every byte that is used held against what was signed.
//
// Thread rule: const functions may run at the same time.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/checkpoint_text.h"
#include "base/line_reader.h"
#include "digest/digest.h"
#include "package/content_facts.h"
#include "package/disclosure_document.h"
#include "package/documents.h"
#include "package/zip_reader.h"
#include "signature/certificate.h"

namespace evidence {

class OriginPackage {
public:
    // Checks the structure of the ZIP, signatures 001 and 002, that both are by the certificate
    // package.json names, and that 001 lists the files there are, in order. What is not read later
    // is not hashed. Error(malformed) when it is no package, Error(refused) naming what is wrong.
    explicit OriginPackage(const fs::path& path);

    const File& file() const { return file_; }
    const std::vector<ZipEntry>& entries() const { return zip_.entries; }
    const PackageDocument& document() const { return document_; }
    const std::string& manifest_sha256() const { return manifest_sha256_; }
    const Certificate& signer() const { return *signer_; }
    const std::vector<Certificate>& intermediates() const { return intermediates_; }
    const std::optional<DisclosureDocument>& disclosure() const { return disclosure_; }

    const ZipEntry* find(std::string_view name) const { return zip_.find(name); }
    const ZipEntry& entry(std::string_view name) const;  // Error(refused) when there is none
    // The content of an entry, after its digest; Error(refused) when 001 says another.
    std::string content(std::string_view name, std::size_t max_bytes) const;
    // What 001 (and the directory of the ZIP) says about a file it lists.
    ContentFacts facts_of(const ZipEntry& entry) const;

    // Reads a file it lists line by line; the digest is compared once the last line was read.
    void visit_lines(
        std::string_view name, std::size_t max_line_bytes,
        const std::function<void(std::string_view line, std::uint64_t number)>& visitor) const;

    [[noreturn]] void refuse(const std::string& difference) const;

private:
    void require_origins() const;
    void require_no_failure(const Findings& findings) const;
    void read_list(std::string_view list);
    std::string check_signature(std::string_view manifest, std::string_view signature);

    File file_;
    ZipStructure zip_;
    std::vector<std::optional<Sha256>> listed_;  // by entry
    PackageDocument document_;
    std::optional<DisclosureDocument> disclosure_;
    std::string manifest_sha256_;
    std::optional<Certificate> signer_;
    std::vector<Certificate> intermediates_;
};

// One container of the chain: the package itself ("" in front of its names) or an origin inside.
class OriginView {
public:
    // Level 0 is the package, 1 what lies in its origin/, and so on.
    OriginView(const OriginPackage& package, std::size_t level);

    static std::size_t levels(const OriginPackage& package);  // containers there are, at least 1

    const OriginPackage& package() const { return package_; }
    std::string name(std::string_view name) const { return prefix_ + std::string(name); }
    const ZipEntry* find(std::string_view entry) const { return package_.find(name(entry)); }
    std::string content(std::string_view entry, std::size_t max_bytes) const {
        return package_.content(name(entry), max_bytes);
    }
    // All records are there, not only the proofs of some.
    bool has_records() const { return find("items.jsonl") != nullptr; }
    CheckpointText items_checkpoint() const;

private:
    const OriginPackage& package_;
    std::string prefix_;
};

}  // namespace evidence
