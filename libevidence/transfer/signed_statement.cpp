#include "transfer/signed_statement.h"

#include <algorithm>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "digest/digest.h"
#include "transfer/channel_access.h"
#include "transfer/transfer_folder.h"

namespace evidence {
namespace {

fs::path signature_path(const fs::path& document_path) {
    fs::path path = document_path;
    return path.replace_extension(".p7s");
}

fs::path time_stamp_path(const fs::path& document_path) {
    fs::path path = document_path;
    return path.replace_extension(".tst");
}

bool holds(const fs::path& path, ByteView bytes) {
    std::error_code absent;
    return fs::file_size(path, absent) == bytes.size() && !absent &&
           read_small_file(path, bytes.size()) == as_text(bytes);
}

void write_or_keep(const fs::path& path, ByteView bytes) {
    if (holds(path, bytes)) return;
    write_new_file(path, bytes);
    share_as_folder(path, path.parent_path());
}

}  // namespace

std::string SignedStatement::document_sha256() const { return sha256_hex(document); }

std::string SignedStatement::signature_sha256() const { return sha256_hex(as_text(signature)); }

SignedStatement sign_statement(std::string document, const SigningIdentity& identity, UtcTime at) {
    require_valid_now(identity, at);  // also when it expired while the work was done
    Bytes signature = sign_detached(as_bytes(document), identity, at);
    return {std::move(document), std::move(signature)};
}

void add_time_stamp(SignedStatement& statement, const TimestampAuthority* authority,
                    RandomSource& random) {
    if (!authority || !statement.time_stamp.empty()) return;
    statement.time_stamp = request_timestamp(*authority, statement.signature, random).token;
}

void take_time_stamp(SignedStatement& statement, const fs::path& document_path) {
    const fs::path path = time_stamp_path(document_path);
    if (!path_exists(path)) return;
    const std::string token = read_small_file(File::open_regular(path), timestamp_token_max_bytes);
    if (token.empty()) {
        // It must not pass for one that is there, nor for none.
        throw Error(ErrorKind::malformed,
                    "empty time-stamp: " + path.native() + " (expected a token, or no such file)");
    }
    statement.time_stamp.assign(token.begin(), token.end());
}

SignedStatement load_statement(const fs::path& document_path) {
    SignedStatement statement;
    statement.document = read_small_file(File::open_regular(document_path), statement_max_bytes);
    const fs::path path = signature_path(document_path);
    if (!path_exists(path)) {
        throw Error(ErrorKind::refused,
                    "statement without its signature: " + document_path.native() + " (expected " +
                        path.filename().native() + " beside it)");
    }
    const std::string signature = read_small_file(File::open_regular(path), cms_max_bytes);
    statement.signature.assign(signature.begin(), signature.end());
    take_time_stamp(statement, document_path);
    return statement;
}

void store_statement(const fs::path& folder, StatementKind kind, const SignedStatement& statement) {
    const fs::path token = folder / time_stamp_name(kind);
    if (!statement.time_stamp.empty() && !name_is_taken(token)) {
        write_or_keep(token, statement.time_stamp);
    }
    write_or_keep(folder / signature_name(kind), statement.signature);
    write_or_keep(folder / document_name(kind), as_bytes(statement.document));
}

StatementSigner require_signature(const SignedStatement& statement, const fs::path& document_path) {
    DetachedSignature checked =
        check_detached(statement.signature, as_bytes(statement.document), document_path.native());
    for (const Finding& finding : checked.findings.all()) {
        if (finding.weight != Weight::failed) continue;
        throw Error(ErrorKind::refused, "signature does not hold: " + document_path.native() +
                                            " (" + finding.code + ": " + finding.message + ")");
    }
    return {*checked.signer, std::move(checked.intermediates)};
}

void require_claimed_signer(const StatementSigner& signer, std::string_view claimed,
                            const fs::path& document_path) {
    if (signer.certificate.fingerprint() == claimed) return;
    throw Error(ErrorKind::refused,
                "signed by another key than the statement names: " + document_path.native() +
                    " (expected certificate " + std::string(claimed) + ", found " +
                    signer.certificate.fingerprint() + ")");
}

void require_trusted(const StatementSigner& signer, const TrustStore& trust, UtcTime at,
                     const fs::path& document_path) {
    if (!trust.has_anchors()) return;
    const Findings findings = trust.check(signer.certificate, signer.intermediates, at,
                                          TrustStore::Usage::signing, document_path.native());
    for (const Finding& finding : findings.all()) {
        if (finding.weight != Weight::failed && finding.weight != Weight::indeterminate) continue;
        throw Error(ErrorKind::refused, "signer is not trusted: " + document_path.native() + " (" +
                                            finding.code + ": " + finding.message + ")");
    }
}

bool is_expected_signer(const StatementSigner& signer, const std::vector<std::string>& expected,
                        const TrustStore& trust, UtcTime at) {
    const std::string fingerprint = signer.certificate.fingerprint();
    if (std::find(expected.begin(), expected.end(), fingerprint) != expected.end()) return true;
    if (!trust.has_anchors()) return false;
    return trust
               .check(signer.certificate, signer.intermediates, at, TrustStore::Usage::signing,
                      fingerprint)
               .verdict() == Verdict::total_passed;
}

}  // namespace evidence
