#include "verification/outside_head.h"

#include <algorithm>

#include "base/error.h"
#include "base/folder.h"
#include "package/zip_reader.h"
#include "transfer/statement.h"
#include "transfer/transfer_folder.h"
#include "verification/package_head.h"
#include "verification/statement_claims.h"

namespace evidence {
namespace {

constexpr std::size_t head_max_bytes = statement_max_bytes;
constexpr std::string_view checkpoint_start = "evidence-ledger/1/";

// The detached signature of a head, with what is to be said about it.
class HeadSignature {
public:
    HeadSignature(const JudgedBy& by, Findings& findings) : by_(by), findings_(findings) {}

    // Reads and checks the signature; its signer's subject in `head`. False when it does not hold.
    std::optional<DetachedSignature> check(const fs::path& file, std::string_view content,
                                           OutsideHead& head, bool& usable) {
        usable = true;
        if (!name_is_taken(file)) {
            add("custody.head-unsigned", Weight::warning,
                "the " + head.what + " is not signed (expected " + file.filename().native() +
                    " beside it): it is only the word of whoever gave it",
                head.where);
            return std::nullopt;
        }
        const std::string bytes = read_small_file(File::open_regular(file), cms_max_bytes);
        DetachedSignature signature =
            check_detached(as_bytes(bytes), as_bytes(content), file.native());
        usable = !signature.findings.has_failure() && signature.signer.has_value();
        if (!usable) {
            invalid(head, signature.findings.all().front().message);
            return std::nullopt;
        }
        const fs::path token = fs::path(file).replace_extension(".tst");
        note_signer(signature, as_bytes(bytes),
                    name_is_taken(token)
                        ? read_small_file(File::open_regular(token), timestamp_token_max_bytes)
                        : "",
                    head);
        return signature;
    }

    // A time-stamp that does not hold proves nothing, and the head is no worse for it.
    void note_signer(const DetachedSignature& signature, ByteView signature_file,
                     std::string_view token, OutsideHead& head) {
        head.signer = signature.signer->subject();
        const Findings doubts =
            judge_signature(signature, signature_file, as_bytes(token), by_, head.where, head.where)
                .signer;
        for (const Finding& doubt : doubts.all()) {
            if (doubt.weight < Weight::indeterminate) continue;
            add("custody.head-untrusted", Weight::warning,
                "signed by " + head.signer + ": " + doubt.message + " (" + doubt.code + ")",
                head.where);
            return;
        }
        head.signer_is_trusted = true;
    }

    void invalid(const OutsideHead& head, const std::string& why) {
        add("custody.head-invalid", Weight::indeterminate,
            "the " + head.what + " cannot be compared with: " + why, head.where);
    }

private:
    void add(std::string code, Weight weight, std::string message, const std::string& where) {
        findings_.add(std::move(code), Layer::outside_heads, weight, std::move(message), where);
    }

    const JudgedBy& by_;
    Findings& findings_;
};

bool is_checkpoint(const File& file) {
    Bytes start(checkpoint_start.size());
    return as_text(ByteView(start).first(file.read_at(start, 0))) == checkpoint_start;
}

std::vector<fs::path> sorted_files(const fs::path& folder) {
    std::vector<fs::path> files;
    visit_folder(folder, [&files](const fs::path& entry) {
        if (fs::is_regular_file(fs::symlink_status(entry))) files.push_back(entry);
    });
    std::sort(files.begin(), files.end());
    return files;
}

}  // namespace

void OutsideHeads::add(const fs::path& path, const JudgedBy& by) {
    if (!path_exists(path)) {
        throw Error(ErrorKind::not_found, "no such head: " + path.native());
    }
    if (is_folder(path)) {
        add_folder(path, by);
    } else {
        add_file(path, by);
    }
}

void OutsideHeads::add_folder(const fs::path& folder, const JudgedBy& by) {
    const std::size_t before = heads_.size() + findings_.all().size();
    if (path_exists(folder / document_name(StatementKind::offer))) {
        for (StatementKind kind : all_statement_kinds) {
            const fs::path document = folder / document_name(kind);
            if (path_exists(document)) add_file(document, by);
        }
        return;
    }
    const bool is_case = path_exists(folder / "custody.db");
    const fs::path packages = is_case ? folder / "packages" : folder;
    if (is_folder(packages)) {
        for (const fs::path& file : sorted_files(packages)) {
            const File opened = File::open_regular(file);
            if (looks_like_zip(opened)) {
                add_package(opened, by);
            } else if (is_checkpoint(opened)) {
                add_checkpoint(file, read_small_file(file, head_max_bytes), by);
            }
        }
    }
    if (heads_.size() + findings_.all().size() > before) return;
    throw Error(ErrorKind::malformed, "no head in this folder: " + folder.native() +
                                          " (expected packages or checkpoints, or the "
                                          "statements of a transfer)");
}

void OutsideHeads::add_file(const fs::path& file, const JudgedBy& by) {
    const File opened = File::open_regular(file);
    if (looks_like_zip(opened)) return add_package(opened, by);
    const std::string text = read_small_file(file, head_max_bytes);
    if (text.starts_with(checkpoint_start)) return add_checkpoint(file, text, by);
    if (text.starts_with('{')) return add_statement(file, text, by);
    throw Error(ErrorKind::malformed,
                "not a head: " + file.native() +
                    " (expected a checkpoint, a statement of a transfer or a package)");
}

void OutsideHeads::add_package(const File& file, const JudgedBy& by) {
    OutsideHead head;
    head.where = file.name();
    head.what = "package";
    HeadSignature signature(by, findings_);
    try {
        const PackageHead package = read_package_head(file, file.name());
        head.checkpoint = package.checkpoint;
        head.manifest_sha256 = package.manifest_sha256;
        const auto& previous = package.document.previous;
        head.package = {package.document.id, package.document.case_number,
                        package.document.ledger_id, previous ? previous->manifest_sha256 : "",
                        package.document.created_at};
        signature.note_signer(package.signature, {}, {}, head);
        heads_.push_back(std::move(head));
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed && error.kind() != ErrorKind::unsupported) throw;
        signature.invalid(head, error.message());
    }
}

void OutsideHeads::add_checkpoint(const fs::path& file, const std::string& text,
                                  const JudgedBy& by) {
    OutsideHead head;
    head.where = file.native();
    head.what = "checkpoint";
    head.checkpoint = parse_checkpoint(text, file.native());
    bool usable = false;
    HeadSignature(by, findings_).check(file.native() + ".p7s", text, head, usable);
    if (usable) heads_.push_back(std::move(head));
}

void OutsideHeads::add_statement(const fs::path& file, const std::string& text,
                                 const JudgedBy& by) {
    OutsideHead head;
    head.where = file.native();
    const StatementClaims claims = parse_statement(text, file.native());
    head.what = name_of(claims.kind);
    head.checkpoint = claims.checkpoint;
    head.manifest_sha256 = claims.manifest_sha256;
    head.offer_sha256 = claims.offer_sha256;
    HeadSignature checker(by, findings_);
    bool usable = false;
    fs::path signature_file = file;
    signature_file.replace_extension(".p7s");
    const auto signature = checker.check(signature_file, text, head, usable);
    if (!usable) return;
    if (signature && signature->signer->fingerprint() != claims.signer) {
        return checker.invalid(head, "signed by another certificate than it names");
    }
    // What an answer says about the offer that lies beside it, it says of every word in it.
    const fs::path offer = file.parent_path() / document_name(StatementKind::offer);
    if (!head.offer_sha256.empty() && name_is_taken(offer)) {
        const std::string offered = read_small_file(File::open_regular(offer), statement_max_bytes);
        if (sha256_hex(offered) == head.offer_sha256) {
            OutsideHead confirmed = head;
            confirmed.what = "offer that is answered by a " + head.what;
            confirmed.checkpoint = parse_statement(offered, offer.native()).checkpoint;
            confirmed.manifest_sha256.clear();
            confirmed.offer_sha256.clear();
            heads_.push_back(std::move(confirmed));
        }
    }
    heads_.push_back(std::move(head));
}

}  // namespace evidence
