#include "transfer/receive.h"

#include <unistd.h>

#include <algorithm>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "digest/file_digest.h"
#include "signature/envelope.h"
#include "transfer/package_identity.h"
#include "transfer/part.h"
#include "transfer/part_reader.h"
#include "transfer/signed_statement.h"
#include "transfer/transfer_folder.h"

namespace evidence {
namespace {

template <typename T>
T value_or_throw(std::variant<T, TransferFault> result) {
    if (const TransferFault* fault = std::get_if<TransferFault>(&result)) throw fault->error();
    return std::move(std::get<T>(result));
}

// One transfer on the side of who receives it.
class Receiving {
public:
    Receiving(const ReceiveRequest& request, const Recipient& recipient, const TrustStore& trust,
              const TransferCase* side, const Context& context)
        : request_(request), recipient_(recipient), trust_(trust), side_(side), context_(context) {}

    ReceivedTransfer receive(const PackageVerifier& verify);
    ReceivedTransfer refuse(std::string_view reason);

private:
    void open_offer();
    void require_addressed() const;
    void require_unanswered() const;
    std::optional<TransferKey> open_key() const;
    void join_parts(File& output) const;
    bool is_answered() const;
    bool is_received_already() const;
    void judge(const fs::path& package, const PackageVerifier& verify);
    ReceivedTransfer answer();

    const ReceiveRequest& request_;
    const Recipient& recipient_;
    const TrustStore& trust_;
    const TransferCase* side_;
    const Context& context_;

    SignedStatement offer_statement_;
    Offer offer_;
    std::optional<TransferRecord> record_;
    Answer answer_;
};

ReceivedTransfer Receiving::receive(const PackageVerifier& verify) {
    open_offer();
    if (is_received_already()) {
        judge(request_.output, verify);
        return answer();
    }
    require_unanswered();
    AtomicFile output(request_.output);
    join_parts(output.file());
    judge(output.temporary_path(), verify);
    if (answer_.kind() == StatementKind::receipt) output.commit();
    return answer();
}

ReceivedTransfer Receiving::refuse(std::string_view reason) {
    if (!is_statement_code(reason)) {
        throw Error(ErrorKind::usage, "unusable reason: " + std::string(reason) +
                                          " (expected a code such as wrong-authority)");
    }
    open_offer();
    require_unanswered();
    answer_.reason = reason;
    return answer();
}

void Receiving::open_offer() {
    check_signing(recipient_.signer, side_, context_.clock.now());
    if (!request_.media.empty() && !is_media_text(request_.media)) {
        throw Error(ErrorKind::usage, "unusable text for the media: " + request_.media +
                                          " (expected up to 200 printable ASCII characters)");
    }
    require_transfer_folder(request_.source);
    const fs::path path = request_.source / document_name(StatementKind::offer);
    offer_statement_ = load_statement(path);
    const StatementSigner signer = require_signature(offer_statement_, path);
    offer_ = parse_offer(offer_statement_.document, path.native());
    require_claimed_signer(signer, offer_.sender, path);
    require_trusted(signer, trust_, context_.clock.now(), path);
    require_addressed();
    if (!side_) return;
    record_.emplace(*side_, offer_.transfer, offer_.manifest_sha256, std::vector<std::string>{},
                    context_);
    const std::optional<SignedStatement> known = record_->find(StatementKind::offer);
    if (!known || *known == offer_statement_) return;
    throw Error(ErrorKind::refused,
                "another offer was received under this transfer id: " + offer_.transfer +
                    " (expected the one in " + record_->folder().native() + ")");
}

void Receiving::require_addressed() const {
    for (const SigningIdentity* identity : {&recipient_.decrypter, &recipient_.signer}) {
        const std::string fingerprint = identity->certificate.fingerprint();
        if (std::find(offer_.recipients.begin(), offer_.recipients.end(), fingerprint) !=
            offer_.recipients.end()) {
            return;
        }
    }
    throw Error(ErrorKind::crypto,
                "transfer for somebody else: " + request_.source.native() +
                    " (expected certificate " + recipient_.decrypter.certificate.fingerprint() +
                    " among its recipients)",
                "if another certificate of yours can decrypt, name it with --decrypt-key and "
                "--decrypt-cert");
}

bool Receiving::is_answered() const {
    for (StatementKind kind : {StatementKind::receipt, StatementKind::refusal}) {
        if (record_ && record_->find(kind)) return true;
        if (name_is_taken(request_.source / document_name(kind))) return true;
    }
    return false;
}

void Receiving::require_unanswered() const {
    for (StatementKind kind : {StatementKind::receipt, StatementKind::refusal}) {
        if (const auto known = record_ ? record_->find(kind) : std::nullopt) {
            store_statement(record_->folder(), kind, *known);  // unless a crash came before that
            throw Error(ErrorKind::refused,
                        "transfer was received before: " + offer_.transfer +
                            " (expected one this case has not answered)",
                        "its answer is " + (record_->folder() / document_name(kind)).native());
        }
        const fs::path path = request_.source / document_name(kind);
        if (name_is_taken(path)) {
            throw Error(ErrorKind::refused,
                        "transfer is answered already: " + path.native() + " (expected none)",
                        "an answer is final; ask the sender to send the package again");
        }
    }
    if (!side_ && ::access(request_.source.c_str(), W_OK) != 0) {
        throw Error(ErrorKind::io,
                    "transfer folder cannot be written: " + request_.source.native() +
                        " (expected a place for the answer)",
                    "with --case the answer is kept in the case");
    }
}

std::optional<TransferKey> Receiving::open_key() const {
    if (!offer_.is_encrypted()) return std::nullopt;
    const Bytes envelope = value_or_throw(read_key_file(request_.source, offer_));
    const std::string path = (request_.source / key_file_name).native();
    const Bytes text = decrypt_with_key(envelope, recipient_.decrypter.key,
                                        recipient_.decrypter.certificate, path);
    return TransferKey::parse(as_text(text), offer_.transfer, path);
}

void Receiving::join_parts(File& output) const {
    const PartReader reader = value_or_throw(PartReader::open(request_.source, offer_));
    const std::optional<TransferKey> key = open_key();
    Hasher hasher(Algorithm::sha256);
    context_.progress.start("receiving", offer_.package.size_bytes);
    for (std::uint64_t number = 1; number <= offer_.parts; ++number) {
        context_.check_interrupted();
        const Bytes plain = open_part(value_or_throw(reader.read(number)), key ? &*key : nullptr,
                                      reader.path(number));
        if (plain.size() != reader.plain_bytes(number)) {
            throw Error(ErrorKind::refused,
                        "part of another size: " + reader.path(number).native() + " (expected " +
                            std::to_string(reader.plain_bytes(number)) + " bytes in it)");
        }
        hasher.update(plain);
        output.write(plain);
        context_.progress.advance(plain.size());
    }
    context_.progress.finish();
    if (to_hex(hasher.finish_sha256()) == offer_.package.file_sha256) return;
    throw Error(ErrorKind::refused,
                "parts do not make the package offered: " + request_.source.native() +
                    " (expected SHA-256 " + offer_.package.file_sha256 + ")");
}

// An earlier receive may have been stopped after the package got its name and before the answer.
bool Receiving::is_received_already() const {
    if (is_answered()) return false;
    std::error_code absent;
    if (fs::file_size(request_.output, absent) != offer_.package.size_bytes || absent) return false;
    return sha256_of_file(File::open_read(request_.output), context_) == offer_.package.file_sha256;
}

void Receiving::judge(const fs::path& package, const PackageVerifier& verify) {
    PackageOpinion opinion = verify(package);
    Findings structure;
    const PackageIdentity identity = identify_package(File::open_read(package), structure);
    if (identity.manifest_sha256 != offer_.manifest_sha256) {
        opinion.findings.push_back("transfer.manifest-mismatch");
        opinion.verdict = Verdict::total_failed;
    }
    if (identity.terms_sha256.empty()) {
        opinion.findings.push_back("transfer.terms-missing");
        opinion.verdict = Verdict::total_failed;
    }
    std::sort(opinion.findings.begin(), opinion.findings.end());
    opinion.findings.erase(std::unique(opinion.findings.begin(), opinion.findings.end()),
                           opinion.findings.end());
    answer_.conditions_sha256 = identity.terms_sha256;
    answer_.findings = std::move(opinion.findings);
    answer_.verdict = opinion.verdict;
    if (opinion.verdict == Verdict::total_failed) answer_.reason = "verification-failed";
}

ReceivedTransfer Receiving::answer() {
    if (record_) record_->keep(StatementKind::offer, offer_statement_, "receive");
    if (side_) answer_.checkpoint = side_->folder.ledger().head();
    answer_.at = context_.clock.now();
    answer_.manifest_sha256 = offer_.manifest_sha256;
    answer_.media = request_.media;
    answer_.offer_sha256 = offer_statement_.document_sha256();
    answer_.offer_signature_sha256 = offer_statement_.signature_sha256();
    answer_.package = offer_.package;
    answer_.recipient = recipient_.signer.certificate.fingerprint();
    answer_.transfer = offer_.transfer;
    const StatementKind kind = answer_.kind();
    SignedStatement statement =
        sign_statement(format_answer(answer_), recipient_.signer, answer_.at);
    add_time_stamp(statement, request_.authority, context_.random);
    fs::path folder = request_.source;
    if (record_) {
        record_->keep(kind, statement, kind == StatementKind::receipt ? "receipt" : "refuse",
                      answer_.checkpoint);
        if (::access(folder.c_str(), W_OK) != 0) folder = record_->folder();
    }
    store_statement(folder, kind, statement);
    return {offer_, answer_, folder / document_name(kind)};
}

}  // namespace

ReceivedTransfer receive_transfer(const ReceiveRequest& request, const Recipient& recipient,
                                  const TrustStore& trust, const PackageVerifier& verify,
                                  const TransferCase* side, const Context& context) {
    return Receiving(request, recipient, trust, side, context).receive(verify);
}

ReceivedTransfer refuse_transfer(const ReceiveRequest& request, std::string_view reason,
                                 const Recipient& recipient, const TrustStore& trust,
                                 const TransferCase* side, const Context& context) {
    return Receiving(request, recipient, trust, side, context).refuse(reason);
}

}  // namespace evidence
