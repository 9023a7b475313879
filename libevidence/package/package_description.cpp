// describe_package: a finished package read back, for a seal that was not recorded.
#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/hex.h"
#include "base/line_reader.h"
#include "package/content_facts.h"
#include "package/manifests.h"
#include "package/package_layout.h"
#include "package/record.h"
#include "package/seal.h"
#include "package/zip_reader.h"
#include "signature/cms_signature.h"

namespace evidence {
namespace {

constexpr std::size_t checkpoint_max_bytes = 4096;

class PackageReading {
public:
    PackageReading(const fs::path& package, const Context& context)
        : file_(File::open_read(package)), context_(context) {
        if (!looks_like_zip(file_)) {
            throw Error(ErrorKind::malformed,
                        "not a package: " + file_.name() + " (expected a file that seal wrote)");
        }
        Findings findings;
        zip_ = read_zip_structure(file_, findings);
        require_no_failure(findings);
    }

    SealedPackage describe(const CaseFolder& case_folder) {
        hash_everything();
        check_list(manifest_001, signature_001);
        const PackageDocument document = parse_package_document(
            content("package.json", json_max_document_bytes), "package.json");
        check_signature(manifest_001, signature_001, document.sealed_by.certificate_sha256);
        check_cosignatures(document);
        SealedPackage package;
        package.id = document.id;
        package.manifest_sha256 = to_hex(digest_of(manifest_001));
        package.file_sha256 = to_hex(file_sha256_);
        package.size_bytes = zip_.file_size;
        package.objects = document.objects;
        package.records = document.records;
        if (document.kind == PackageKind::disclosure) {
            package.disclosure = parse_disclosure_document(
                content("disclosure.json", json_max_document_bytes), "disclosure.json");
        }
        package.items = read_items(case_folder, document.kind);
        package.cosigned_by = document.cosigned_by;
        package.created_at = document.created_at;
        package.ledger_head = parse_checkpoint(content("custody/checkpoint", checkpoint_max_bytes),
                                               "custody/checkpoint");
        check_ledger(case_folder, package.ledger_head);
        return package;
    }

private:
    [[noreturn]] void refuse(const std::string& difference) const {
        throw Error(ErrorKind::refused,
                    fmt::format("not a package of this case as it was sealed: {} ({})",
                                file_.name(), difference),
                    "evidence-verify says what is wrong with it");
    }

    void require_no_failure(const Findings& findings) const {
        for (const Finding& finding : findings.all()) {
            if (finding.weight != Weight::failed) continue;
            refuse(fmt::format("{}: {}{}{}", finding.code, finding.message,
                               finding.where.empty() ? "" : ": ", finding.where));
        }
    }

    const ZipEntry& entry(std::string_view name) const {
        const ZipEntry* found = zip_.find(name);
        if (!found) refuse(fmt::format("expected an entry {}", name));
        return *found;
    }

    std::string content(std::string_view name, std::size_t max_bytes) const {
        return read_entry(file_, entry(name), max_bytes);
    }

    const Sha256& digest_of(std::string_view name) const {
        return digests_[static_cast<std::size_t>(&entry(name) - zip_.entries.data())].sha256;
    }

    void hash_everything();
    void check_list(std::string_view manifest, std::string_view signature) const;
    void check_signature(std::string_view manifest, std::string_view signature,
                         const std::string& signer) const;
    void check_cosignatures(const PackageDocument& document) const;
    std::vector<std::string> read_items(const CaseFolder& case_folder, PackageKind kind) const;
    void check_ledger(const CaseFolder& case_folder, const CheckpointText& head) const;

    File file_;
    const Context& context_;
    ZipStructure zip_;
    std::vector<ListedFile> digests_;  // one per entry
    Sha256 file_sha256_{};
};

// One pass over the file: the digest of all of it and of each entry.
void PackageReading::hash_everything() {
    context_.progress.start("reading", zip_.file_size);
    Hasher whole(Algorithm::sha256);
    std::uint64_t position = 0;
    const auto hash_up_to = [&](std::uint64_t end, Hasher* also) {
        visit_content(file_, position, end - position, [&](ByteView bytes) {
            context_.check_interrupted();
            whole.update(bytes);
            if (also) also->update(bytes);
            context_.progress.advance(bytes.size());
        });
        position = end;
    };
    for (const ZipEntry& entry : zip_.entries) {
        Hasher hasher(Algorithm::sha256);
        hash_up_to(entry.data_offset(), nullptr);
        hash_up_to(entry.end_offset(), &hasher);
        digests_.push_back({entry.name, hasher.finish_sha256()});
    }
    hash_up_to(zip_.file_size, nullptr);
    file_sha256_ = whole.finish_sha256();
    context_.progress.finish();
}

void PackageReading::check_list(std::string_view manifest, std::string_view signature) const {
    const auto listed = [this](bool (*belongs)(std::string_view)) {
        std::vector<ListedFile> files;
        std::copy_if(digests_.begin(), digests_.end(), std::back_inserter(files),
                     [belongs](const ListedFile& file) { return belongs(file.name); });
        return files;
    };
    if (content(manifest, manifest_max_bytes) !=
        asic_manifest(signature, listed(is_in_manifest_001))) {
        refuse(fmt::format("{} does not list these files", manifest));
    }
}

void PackageReading::check_signature(std::string_view manifest, std::string_view signature,
                                     const std::string& signer) const {
    const DetachedSignature checked =
        check_detached(as_bytes(content(signature, cms_max_bytes)),
                       as_bytes(content(manifest, manifest_max_bytes)), signature);
    require_no_failure(checked.findings);
    if (!checked.signer || checked.signer->fingerprint() != signer) {
        refuse(fmt::format("the signer of {} is not the one package.json names", signature));
    }
}

void PackageReading::check_cosignatures(const PackageDocument& document) const {
    for (std::size_t i = 0; i < document.cosigned_by.size(); ++i) {
        check_list(cosignature_manifest(i), cosignature_name(i));
        check_signature(cosignature_manifest(i), cosignature_name(i), document.cosigned_by[i]);
    }
}

// Of a disclosure, those that are items of this case: another case's may have the same names.
std::vector<std::string> PackageReading::read_items(const CaseFolder& case_folder,
                                                    PackageKind kind) const {
    const ZipEntry& records = entry("items.jsonl");
    LineReader lines = LineReader::of_file(file_, records.data_offset(), records.size,
                                           "items.jsonl", json_max_line_bytes);
    std::vector<std::string> items;
    while (const auto line = lines.next()) {
        std::string record_bytes;
        const RecordLine record = parse_record_line(
            *line, fmt::format("items.jsonl:{}", lines.line_number()), record_bytes, kind);
        if (!record.is_item()) continue;
        const std::string& item = record.record.at("item").string();
        if (kind == PackageKind::disclosure) {
            const std::optional<ItemRow> row = case_folder.ledger().find_item(item);
            if (!row || to_hex(row->key) != record.record.at("item_key").string()) continue;
        }
        items.push_back(item);
    }
    return items;
}

// The chain of this case has, at that size, the link the package was sealed with.
void PackageReading::check_ledger(const CaseFolder& case_folder, const CheckpointText& head) const {
    const Ledger& ledger = case_folder.ledger();
    bool is_ours = head.origin == ledger_origin(ledger.id()) && head.size > 0 &&
                   head.size <= ledger.head().size;
    if (is_ours) {
        ledger.visit(head.size - 1, head.size,
                     [&](const LedgerLine& line) { is_ours = line.link == head.hash; });
    }
    if (!is_ours) refuse("its custody chain is not part of the ledger of this case");
}

}  // namespace

SealedPackage describe_package(const CaseFolder& case_folder, const fs::path& package,
                               const Context& context) {
    return PackageReading(package, context).describe(case_folder);
}

}  // namespace evidence
