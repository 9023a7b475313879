#include "transfer/transfer_check.h"

#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "signature/signature_time.h"
#include "transfer/answer_links.h"
#include "transfer/part_reader.h"
#include "transfer/signed_statement.h"
#include "transfer/transfer_folder.h"

namespace evidence {
namespace {

struct Loaded {
    SignedStatement statement;
    std::optional<StatementSigner> signer;  // set when the signature holds
    fs::path path;
    std::optional<UtcTime> proven;  // when a time-stamp beside it proves it to have existed
};

class TransferCheck {
public:
    TransferCheck(const fs::path& folder, const TrustStore& trust, const TrustStore& authorities,
                  const Context& context)
        : folder_(folder),
          trust_(trust),
          authorities_(authorities),
          context_(context),
          now_(context.clock.now()) {}

    Findings run();

private:
    void check_offer();
    void check_answer();
    void check_close();
    void check_times();
    void check_files();
    void check_content();
    void check_parts(const PartReader& reader);

    std::optional<Loaded> load(StatementKind kind);
    std::optional<UtcTime> check_identity(const SignedStatement& statement,
                                          const DetachedSignature& signature, StatementKind kind);
    void check_signer(const Loaded& loaded, const std::string& claimed);
    void check_party(const Loaded& loaded, const std::vector<std::string>& expected,
                     std::string code, std::string message);
    void check_order(UtcTime earlier, UtcTime later, StatementKind kind);
    template <typename Parse>
    auto parse(const Loaded& loaded, Parse parser)
        -> std::optional<decltype(parser(std::string_view(), std::string_view()))>;

    void fail(std::string code, Layer layer, std::string message, std::string where) {
        findings_.add(std::move(code), layer, Weight::failed, std::move(message), std::move(where));
    }
    void add(const TransferFault& fault) { findings_.add(fault.finding()); }
    bool exists(std::string_view name) const { return path_exists(folder_ / name); }
    bool has_any_content() const;

    const fs::path& folder_;
    const TrustStore& trust_;
    const TrustStore& authorities_;
    const Context& context_;
    const UtcTime now_;
    Findings findings_;

    std::optional<Loaded> offer_statement_, answer_statement_;
    std::optional<Offer> offer_;
    std::optional<Answer> answer_;
    std::optional<Close> close_;
};

Findings TransferCheck::run() {
    check_offer();
    if (!offer_) return std::move(findings_);
    check_answer();
    check_close();
    check_times();
    check_files();
    check_content();
    return std::move(findings_);
}

std::optional<Loaded> TransferCheck::load(StatementKind kind) {
    const std::string name = document_name(kind);
    const bool has_document = exists(name), has_signature = exists(signature_name(kind));
    if (!has_document && !has_signature) return std::nullopt;
    if (!has_document || !has_signature) {
        fail("transfer.file-missing", Layer::structure,
             has_document ? "statement without its signature" : "signature without its statement",
             has_document ? signature_name(kind) : name);
        return std::nullopt;
    }
    try {
        Loaded loaded{load_statement(folder_ / name), std::nullopt, folder_ / name, std::nullopt};
        DetachedSignature checked = check_detached(
            loaded.statement.signature, as_bytes(loaded.statement.document), signature_name(kind));
        findings_.append(checked.findings);
        if (!checked.findings.has_failure() && checked.signer) {
            loaded.proven = check_identity(loaded.statement, checked, kind);
            loaded.signer = {*checked.signer, std::move(checked.intermediates)};
        }
        return loaded;
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        fail("transfer.statement-malformed", Layer::structure, error.message(), name);
        return std::nullopt;
    }
}

std::optional<UtcTime> TransferCheck::check_identity(const SignedStatement& statement,
                                                     const DetachedSignature& signature,
                                                     StatementKind kind) {
    const SignatureJudgement judgement =
        judge_signature(signature, statement.signature, statement.time_stamp,
                        {trust_, authorities_, now_}, signature_name(kind), time_stamp_name(kind));
    findings_.append(judgement.time);
    findings_.append(judgement.signer);
    if (!judgement.proven) return std::nullopt;
    return judgement.proven->time;
}

template <typename Parse>
auto TransferCheck::parse(const Loaded& loaded, Parse parser)
    -> std::optional<decltype(parser(std::string_view(), std::string_view()))> {
    const std::string name = loaded.path.filename().native();
    try {
        return parser(loaded.statement.document, name);
    } catch (const Error& error) {
        fail("transfer.statement-malformed", Layer::structure, error.message(), name);
        return std::nullopt;
    }
}

void TransferCheck::check_signer(const Loaded& loaded, const std::string& claimed) {
    if (!loaded.signer || loaded.signer->certificate.fingerprint() == claimed) return;
    fail("transfer.wrong-signer", Layer::signature,
         "signed by another certificate than the statement names", loaded.path.filename().native());
}

void TransferCheck::check_party(const Loaded& loaded, const std::vector<std::string>& expected,
                                std::string code, std::string message) {
    if (!loaded.signer) return;
    const UtcTime at = loaded.proven.value_or(now_);
    if (is_expected_signer(*loaded.signer, expected, trust_, at)) return;
    findings_.add(std::move(code), Layer::identity, Weight::indeterminate, std::move(message),
                  loaded.path.filename().native());
}

void TransferCheck::check_offer() {
    offer_statement_ = load(StatementKind::offer);
    if (!offer_statement_) return;
    offer_ = parse(*offer_statement_, parse_offer);
    if (!offer_) return;
    check_signer(*offer_statement_, offer_->sender);
    const std::string name = fs::absolute(folder_ / "").parent_path().filename().native();
    if (name != offer_->transfer) {
        findings_.add("transfer.folder-name", Layer::structure, Weight::info,
                      "the folder is not named by the transfer's id", name);
    }
}

void TransferCheck::check_answer() {
    answer_statement_ = load(StatementKind::receipt);
    std::optional<Loaded> refusal = load(StatementKind::refusal);
    if (answer_statement_ && refusal) {
        fail("transfer.two-answers", Layer::structure, "a receipt and a refusal of one transfer",
             document_name(StatementKind::refusal));
    }
    if (!answer_statement_) answer_statement_ = std::move(refusal);
    if (!answer_statement_) return;
    answer_ = parse(*answer_statement_, parse_answer);
    if (!answer_) return;
    if (answer_statement_->path.filename() != document_name(answer_->kind())) {
        fail("transfer.statement-malformed", Layer::structure,
             "a " + std::string(name_of(answer_->kind())) + " under another name",
             answer_statement_->path.filename().native());
    }
    check_signer(*answer_statement_, answer_->recipient);
    check_party(*answer_statement_, offer_->recipients, "transfer.recipient-unknown",
                "the answer's signer is no recipient of the offer and chains to no trust anchor");
    for (const TransferFault& fault :
         answer_faults(*answer_, *offer_, offer_statement_->statement, answer_statement_->path)) {
        add(fault);
    }
}

void TransferCheck::check_close() {
    const std::optional<Loaded> loaded = load(StatementKind::close);
    if (!loaded) return;
    close_ = parse(*loaded, parse_close);
    if (!close_) return;
    check_signer(*loaded, close_->sender);
    check_party(*loaded, {offer_->sender}, "transfer.closer-unknown",
                "the close's signer is not the offer's sender and chains to no trust anchor");
    if (!answer_ || answer_->kind() != StatementKind::receipt) {
        fail("transfer.receipt-missing", Layer::structure, "a close without a receipt",
             loaded->path.filename().native());
        return;
    }
    for (const TransferFault& fault :
         close_faults(*close_, *answer_, answer_statement_->statement, loaded->path)) {
        add(fault);
    }
}

void TransferCheck::check_order(UtcTime earlier, UtcTime later, StatementKind kind) {
    if (later.milliseconds + time_stamp_tolerance_ms >= earlier.milliseconds) return;
    findings_.add("transfer.time-inconsistent", Layer::time, Weight::warning,
                  format_utc(later) + " is before " + format_utc(earlier), document_name(kind));
}

void TransferCheck::check_times() {
    check_order(offer_->created_at, now_, StatementKind::offer);
    if (answer_) check_order(offer_->created_at, answer_->at, answer_->kind());
    if (answer_) check_order(answer_->at, now_, answer_->kind());
    if (answer_ && close_) check_order(answer_->at, close_->at, StatementKind::close);
    const UtcTime answered = answer_ ? answer_->at : now_;
    if (offer_->answer_by && answered > *offer_->answer_by) {
        findings_.add("transfer.answer-overdue", Layer::time, Weight::warning,
                      answer_ ? "answered later than asked for" : "the answer is overdue",
                      format_utc(*offer_->answer_by));
    }
    if (!answer_) {
        findings_.add("transfer.unanswered", Layer::custody, Weight::info,
                      "no answer of a recipient is here");
    } else if (answer_->kind() == StatementKind::refusal) {
        findings_.add("transfer.refused", Layer::custody, Weight::info,
                      "the recipient refused: " + answer_->reason);
    } else if (!close_) {
        findings_.add("transfer.not-closed", Layer::custody, Weight::info,
                      "the sender has not acknowledged the receipt here");
    }
}

void TransferCheck::check_files() {
    visit_folder(folder_, [this](const fs::path& entry) {
        const std::string name = entry.filename().native();
        if (is_part_name(name)) {
            const std::uint64_t number = std::stoull(name.substr(5, 6));
            if (number <= offer_->parts && name == part_name(number, part_form(*offer_))) return;
            fail("transfer.unexpected-part", Layer::structure, "a part the offer does not have",
                 name);
        } else if (!is_transfer_file_name(name) ||
                   (name == key_file_name && !offer_->is_encrypted())) {
            findings_.add("transfer.unexpected-file", Layer::structure, Weight::warning,
                          "a file that is no part of the transfer", name);
        }
    });
}

bool TransferCheck::has_any_content() const {
    if (exists(part_list_file_name) || exists(key_file_name)) return true;
    bool has_part = false;
    visit_folder(folder_, [&](const fs::path& entry) {
        has_part = has_part || is_part_name(entry.filename().native());
    });
    return has_part;
}

void TransferCheck::check_content() {
    if (!has_any_content()) {
        findings_.add("transfer.statements-only", Layer::content, Weight::indeterminate,
                      "only statements are here: what was transferred cannot be checked");
        return;
    }
    if (offer_->is_encrypted()) {
        const auto key = read_key_file(folder_, *offer_);
        if (const auto* fault = std::get_if<TransferFault>(&key)) add(*fault);
        findings_.add("transfer.encrypted", Layer::content, Weight::info,
                      "the package itself was not looked at: its parts are encrypted");
    }
    const auto reader = PartReader::open(folder_, *offer_);
    if (const auto* fault = std::get_if<TransferFault>(&reader)) {
        add(*fault);
    } else {
        check_parts(std::get<PartReader>(reader));
    }
}

void TransferCheck::check_parts(const PartReader& reader) {
    Hasher hasher(Algorithm::sha256);
    bool complete = true;
    context_.progress.start("checking parts", offer_->package.size_bytes);
    for (std::uint64_t number = 1; number <= offer_->parts; ++number) {
        context_.check_interrupted();
        const auto part = reader.read(number);
        if (const auto* fault = std::get_if<TransferFault>(&part)) {
            add(*fault);
            complete = false;
        } else if (!offer_->is_encrypted()) {
            hasher.update(std::get<Bytes>(part));
        }
        context_.progress.advance(reader.plain_bytes(number));
    }
    context_.progress.finish();
    if (offer_->is_encrypted() || !complete) return;
    if (to_hex(hasher.finish_sha256()) == offer_->package.file_sha256) return;
    fail("transfer.package-mismatch", Layer::content, "the parts do not make the package offered",
         {});
}

}  // namespace

Findings check_transfer(const fs::path& folder, const TrustStore& trust,
                        const TrustStore& authorities, const Context& context) {
    require_transfer_folder(folder);
    return TransferCheck(folder, trust, authorities, context).run();
}

}  // namespace evidence
