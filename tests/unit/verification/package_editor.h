// Changes a package as somebody would who holds a key, or none: entries are taken out, put in and
// rewritten, and what depends on them is made to fit again as far as wanted.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>

#include "base/atomic_file.h"
#include "base/checkpoint_text.h"
#include "package/content_facts.h"
#include "package/documents.h"
#include "package/item_tree.h"
#include "package/manifests.h"
#include "package/package_layout.h"
#include "package/record.h"
#include "package/seal_fixture.h"
#include "package/zip_reader.h"
#include "package/zip_writer.h"
#include "signature/cms_signature.h"
#include "test_context.h"
#include "verification/report_output.h"
#include "verification/verify_package.h"

namespace evidence::test {

class PackageEditor {
public:
    explicit PackageEditor(const fs::path& package) {
        const File file = File::open_read(package);
        Findings findings;
        for (const ZipEntry& entry : read_zip_structure(file, findings).entries) {
            entries_.emplace_back(entry.name, read_entry(file, entry, 16 * mib));
        }
    }

    std::string& at(std::string_view name) {
        const auto entry = find(name);
        REQUIRE(entry != entries_.end());
        return entry->second;
    }
    const std::vector<std::pair<std::string, std::string>>& entries() const { return entries_; }
    void remove(std::string_view name) { entries_.erase(find(name)); }
    // In the place that the layout has for it.
    void insert(const std::string& name, std::string content) {
        const auto place = std::find_if(entries_.begin(), entries_.end(), [&](const auto& entry) {
            return layout_position(entry.first) > layout_position(name);
        });
        entries_.emplace(place, name, std::move(content));
    }
    void append(const std::string& name, std::string content) {
        entries_.emplace_back(name, std::move(content));
    }

    // Rewrites every record line; false leaves it out.
    void edit_records(const std::function<bool(RecordLine&)>& edit) {
        std::string lines, record_bytes;
        std::string_view rest = at("items.jsonl");
        while (!rest.empty()) {
            RecordLine line =
                parse_record_line(rest.substr(0, rest.find('\n')), "items.jsonl", record_bytes);
            rest.remove_prefix(rest.find('\n') + 1);
            if (edit(line)) lines += format_record_line(line);
        }
        at("items.jsonl") = lines;
    }

    // Makes counts, item tree and every list of digests fit, and signs by `identity`.
    void reseal(const SigningIdentity& identity, const Context& context) {
        refresh_counts(context);
        relist();
        const UtcTime now = context.clock.now();
        for (const char* number : {"001", "002"}) {
            const std::string manifest = std::string("META-INF/ASiCManifest") + number + ".xml";
            at(std::string("META-INF/signature") + number + ".p7s") =
                as_text(sign_detached(as_bytes(at(manifest)), identity, now));
        }
    }

    void relist() {
        at("manifest-sha256.txt") = bag_manifest(files_where(is_payload));
        at("tagmanifest-sha256.txt") = bag_manifest(files_where(is_in_tagmanifest));
        at(manifest_001) = asic_manifest(signature_001, files_where(is_in_manifest_001));
        std::vector<ListedFile> files;
        for (std::string_view name : names_in_manifest_002) {
            files.push_back({std::string(name), sha256(at(name))});
        }
        at(manifest_002) = asic_manifest(signature_002, files);
    }

    std::vector<ListedFile> files_where(const std::function<bool(std::string_view)>& belongs) {
        std::vector<ListedFile> files;
        for (const auto& [name, content] : entries_) {
            if (belongs(name)) files.push_back({name, sha256(content)});
        }
        return files;
    }

    void write(const fs::path& path) const {
        std::string bytes;
        ZipWriter writer([&bytes](ByteView more) { bytes += as_text(more); });
        for (const auto& [name, content] : entries_) writer.add(name, content);
        writer.finish();
        fs::remove(path);
        write_new_file(path, as_bytes(bytes));
    }

private:
    using Entries = std::vector<std::pair<std::string, std::string>>;

    Entries::iterator find(std::string_view name) {
        return std::find_if(entries_.begin(), entries_.end(),
                            [name](const auto& entry) { return entry.first == name; });
    }

    void refresh_counts(const Context& context) {
        PackageDocument package = parse_package_document(at("package.json"), "package.json");
        ItemTree tree(context.scratch_folder);
        edit_records([&tree](RecordLine& line) {
            tree.add(canonical(line.record));
            return true;
        });
        CheckpointText head{items_origin(package.id), tree.size(), {}};
        head.hash = tree.finish();
        at("items.checkpoint") = format_checkpoint(head);
        package.records = head.size;
        const std::uint64_t old_objects = std::exchange(package.objects, 0);
        std::uint64_t bytes = 0;
        for (const auto& [name, content] : entries_) {
            if (!is_payload(name)) continue;
            ++package.objects;
            bytes += content.size();
        }
        at("package.json") = format_package_document(package);
        std::string& info = at("bag-info.txt");
        const std::string oxum = bag_info_value(info, "Payload-Oxum");
        CHECK(oxum.ends_with("." + std::to_string(old_objects)));
        info.replace(info.find(oxum), oxum.size(),
                     std::to_string(bytes) + "." + std::to_string(package.objects));
    }

    Entries entries_;
};

// A sealed package whose signer is trusted and whose key is at hand.
class EditedPackage {
public:
    SealFixture fixture;
    TrustStore trust;
    const fs::path path = fixture.folder / "package.asice";

    EditedPackage() {
        const fs::path anchor = fixture.folder / "anchor.pem";
        write_new_file(anchor, as_bytes(fixture.identity.certificate.pem()));
        trust.add_anchors(anchor);
    }
    PackageEditor seal() {
        fs::remove(path);
        write_new_file(path, as_bytes(fixture.seal().bytes));
        return PackageEditor(path);
    }
    VerificationReport verify(const PackageEditor& edited) {
        edited.write(path);
        VerificationOptions options;
        options.trust = &trust;
        return verify_package(path, options, fixture.context);
    }
    VerificationReport reseal_and_verify(PackageEditor& edited) {
        edited.reseal(fixture.identity, fixture.context);
        return verify(edited);
    }
};

inline std::string failures(const VerificationReport& report) {
    std::string text;
    for (const Finding& finding : report.findings.all()) {
        if (finding.weight < Weight::indeterminate) continue;
        text += finding.code + " " + finding.where + ": " + finding.message + "\n";
    }
    return text;
}

// The codes of what weighs, each once, in order: "zip.gap zip.overlap".
inline std::string failed_codes(const VerificationReport& report) {
    std::vector<std::string> codes;
    for (const Finding& finding : report.findings.all()) {
        if (finding.weight >= Weight::indeterminate) codes.push_back(finding.code);
    }
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    std::string text;
    for (const std::string& code : codes) text += (text.empty() ? "" : " ") + code;
    return text;
}

}  // namespace evidence::test
