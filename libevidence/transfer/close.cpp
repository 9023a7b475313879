#include "transfer/close.h"

#include <unistd.h>

#include "base/error.h"
#include "base/folder.h"
#include "transfer/answer_links.h"
#include "transfer/signed_statement.h"
#include "transfer/transfer_folder.h"

namespace evidence {
namespace {

void throw_first(const std::vector<TransferFault>& faults) {
    if (!faults.empty()) throw faults.front().error();
}

struct KnownOffer {
    SignedStatement statement;
    Offer offer;
};

// The offer as our own ledger has it; what lies in the folder must be the same.
KnownOffer known_offer(const TransferName& transfer, const Ledger& ledger) {
    std::optional<SignedStatement> statement =
        find_statement(ledger, transfer.id, StatementKind::offer);
    if (!statement) {
        throw Error(ErrorKind::refused, "transfer is unknown to this case: " + transfer.id +
                                            " (expected one it sent or received)");
    }
    const fs::path path = transfer.folder / document_name(StatementKind::offer);
    if (load_statement(path) != *statement) {
        throw Error(ErrorKind::refused, "offer is not the one this case knows: " + path.native() +
                                            " (expected the offer of transfer " + transfer.id +
                                            ")");
    }
    Offer offer = parse_offer(statement->document, path.native());
    return {std::move(*statement), std::move(offer)};
}

bool was_sent_by(const Offer& offer, const Ledger& ledger) {
    return offer.checkpoint && offer.checkpoint->origin == ledger_origin(ledger.id());
}

void require_expected(const StatementSigner& signer, const std::vector<std::string>& expected,
                      const TrustStore& trust, UtcTime now, const fs::path& where,
                      std::string_view who) {
    if (is_expected_signer(signer, expected, trust, now)) return;
    throw Error(ErrorKind::refused, "signed by an unknown party: " + where.native() +
                                        " (expected " + std::string(who) +
                                        ", or somebody who chains to a --trust-anchor)");
}

struct CheckedAnswer {
    SignedStatement statement;
    Answer answer;
};

CheckedAnswer load_answer(const fs::path& path, const KnownOffer& known, const TrustStore& trust,
                          UtcTime now) {
    SignedStatement statement = load_statement(path);
    const StatementSigner signer = require_signature(statement, path);
    Answer answer = parse_answer(statement.document, path.native());
    throw_first(answer_faults(answer, known.offer, known.statement, path));
    require_claimed_signer(signer, answer.recipient, path);
    require_expected(signer, known.offer.recipients, trust, now, path, "a recipient of the offer");
    return {std::move(statement), std::move(answer)};
}

SignedStatement make_close(const CheckedAnswer& receipt, const SigningIdentity& identity,
                           const Ledger& ledger, UtcTime now, Close& close) {
    close.at = now;
    close.checkpoint = ledger.head();
    close.receipt_sha256 = receipt.statement.document_sha256();
    close.receipt_signature_sha256 = receipt.statement.signature_sha256();
    close.sender = identity.certificate.fingerprint();
    close.transfer = receipt.answer.transfer;
    return sign_statement(format_close(close), identity, now);
}

bool is_writable(const fs::path& folder) { return ::access(folder.c_str(), W_OK) == 0; }

}  // namespace

TransferName find_transfer(std::string_view text, const CaseFolder* case_folder) {
    const fs::path path(text);
    if (is_folder(path)) {
        require_transfer_folder(path);
        const fs::path offer = path / document_name(StatementKind::offer);
        const std::string document = read_small_file(offer, statement_max_bytes);
        return {parse_offer(document, offer.native()).transfer, path};
    }
    if (case_folder && is_uuid(text)) {
        const fs::path folder = case_folder->transfer_folder(text);
        if (is_folder(folder)) return {std::string(text), folder};
    }
    throw Error(ErrorKind::not_found, "no such transfer: " + std::string(text) +
                                          " (expected a folder or an id the case knows)");
}

ClosedTransfer close_transfer(const TransferName& transfer, const fs::path& answer_path,
                              const SigningIdentity& identity, const TransferCase& side,
                              const TrustStore& trust, const Context& context,
                              const TimestampAuthority* authority) {
    Ledger& ledger = side.folder.ledger();
    const UtcTime now = context.clock.now();
    check_signing(identity, &side, now);
    const KnownOffer known = known_offer(transfer, ledger);
    if (!was_sent_by(known.offer, ledger)) {
        throw Error(ErrorKind::refused,
                    "transfer was not sent by this case: " + transfer.id + " (expected its sender)",
                    "without --receipt the sender's close is recorded");
    }
    const CheckedAnswer answer = load_answer(answer_path, known, trust, now);
    TransferRecord record(
        side, transfer.id, known.offer.manifest_sha256,
        items_of_package(ledger, known.offer.manifest_sha256).value_or(std::vector<std::string>{}),
        context);
    const StatementKind kind = answer.answer.kind();
    record.keep(kind, answer.statement, kind == StatementKind::receipt ? "receipt" : "refuse");
    const fs::path folder = is_writable(transfer.folder) ? transfer.folder : record.folder();
    store_statement(folder, kind, answer.statement);
    if (kind == StatementKind::refusal) return {known.offer, answer.answer, std::nullopt};

    Close close;
    std::optional<SignedStatement> statement = record.find(StatementKind::close);
    if (!statement) statement = make_close(answer, identity, ledger, now, close);
    add_time_stamp(*statement, authority, context.random);
    record.keep(StatementKind::close, *statement, "close", close.checkpoint);
    store_statement(folder, StatementKind::close, *statement);
    return {known.offer, answer.answer, folder / document_name(StatementKind::close)};
}

ClosedTransfer record_close(const TransferName& transfer, const TransferCase& side,
                            const TrustStore& trust, const Context& context) {
    const Ledger& ledger = side.folder.ledger();
    const KnownOffer known = known_offer(transfer, ledger);
    const std::optional<SignedStatement> receipt =
        find_statement(ledger, transfer.id, StatementKind::receipt);
    if (was_sent_by(known.offer, ledger) || !receipt) {
        throw Error(
            ErrorKind::refused,
            "no receipt of this case: " + transfer.id + " (expected a transfer it received)",
            "the sender closes with --receipt FILE");
    }
    const Answer answer = parse_answer(receipt->document, "recorded receipt");
    const fs::path path = transfer.folder / document_name(StatementKind::close);
    const SignedStatement statement = load_statement(path);
    const StatementSigner signer = require_signature(statement, path);
    const Close close = parse_close(statement.document, path.native());
    throw_first(close_faults(close, answer, *receipt, path));
    require_claimed_signer(signer, close.sender, path);
    require_expected(signer, {known.offer.sender}, trust, context.clock.now(), path,
                     "the sender of the offer");
    TransferRecord record(side, transfer.id, known.offer.manifest_sha256, {}, context);
    record.keep(StatementKind::close, statement, "close");
    return {known.offer, answer, record.folder() / document_name(StatementKind::close)};
}

}  // namespace evidence
