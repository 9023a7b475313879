#include "transfer/send.h"

#include <algorithm>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "signature/envelope.h"
#include "transfer/channel_access.h"
#include "transfer/package_identity.h"
#include "transfer/part.h"
#include "transfer/send_state.h"
#include "transfer/signed_statement.h"
#include "transfer/transfer_folder.h"

namespace evidence {
namespace {

void check_recipients(const SendRequest& request, UtcTime now) {
    if (request.recipients.empty() || request.recipients.size() > transfer_max_recipients) {
        throw Error(ErrorKind::usage,
                    "wrong number of recipients: " + std::to_string(request.recipients.size()) +
                        " (expected 1 to " + std::to_string(transfer_max_recipients) + ")");
    }
    for (const Certificate& recipient : request.recipients) {
        if (recipient.not_after() < now) {
            throw Error(ErrorKind::crypto,
                        "recipient's certificate has expired: " + recipient.subject() +
                            " (expected one valid now, it ended " +
                            format_utc(recipient.not_after()) + ")");
        }
        if (request.form == PartForm::encrypted) require_recipient(recipient);
    }
}

std::vector<Certificate> without_repeats(const std::vector<Certificate>& certificates) {
    std::vector<Certificate> distinct;
    for (const Certificate& certificate : certificates) {
        if (std::find(distinct.begin(), distinct.end(), certificate) == distinct.end()) {
            distinct.push_back(certificate);
        }
    }
    return distinct;
}

std::vector<std::string> fingerprints(const std::vector<Certificate>& certificates) {
    std::vector<std::string> texts;
    for (const Certificate& certificate : certificates) texts.push_back(certificate.fingerprint());
    return texts;
}

void check_request(const SendRequest& request, UtcTime now) {
    if (!is_part_size(request.part_size_bytes)) {
        throw Error(ErrorKind::usage,
                    "unusable part size: " + std::to_string(request.part_size_bytes) +
                        " (expected 64KiB to 64MiB)");
    }
    if (request.answer_by && *request.answer_by <= now) {
        throw Error(ErrorKind::usage, "answer asked for by a time that has passed: " +
                                          format_utc(*request.answer_by) +
                                          " (expected a later one than now)");
    }
    check_recipients(request, now);
    if (!is_folder(request.destination)) {
        throw Error(
            ErrorKind::not_found,
            "no such folder: " + request.destination.native() + " (expected the place to send to)",
            "is the medium mounted?");
    }
}

// Empty when there is no file.
std::string key_file_sha256(const fs::path& path) {
    return path_exists(path) ? sha256_hex(read_small_file(path, mib)) : std::string();
}

std::string manifest_of(const File& package) {
    Findings findings;
    const PackageIdentity identity = identify_package(package, findings);
    if (!findings.has_failure() && !identity.manifest_sha256.empty()) {
        return identity.manifest_sha256;
    }
    const std::string reason =
        findings.all().empty() ? "expected a manifest in it" : findings.all().front().code;
    throw Error(ErrorKind::malformed,
                "not a sealed package: " + package.name() + " (" + reason + ")",
                "evidence-verify says what is wrong with it");
}

// One send, from the package to the folder under its final name.
class Sending {
public:
    Sending(const SendRequest& request, const SigningIdentity& identity, const TransferCase* side,
            const Context& context)
        : request_(request),
          identity_(identity),
          side_(side),
          context_(context),
          recipients_(without_repeats(request.recipients)) {}

    SentTransfer run();

private:
    fs::path final_folder() const { return request_.destination / state_->transfer(); }
    const TransferKey* key() const {
        return request_.form == PartForm::encrypted ? &state_->key() : nullptr;
    }
    void open_package();
    void remove_strays() const;
    void make_parts();
    std::string write_parts_file() const;
    void write_key_file() const;
    SignedStatement make_offer();
    void require_same_parts(const Offer& recorded) const;
    void publish(const SignedStatement& statement);
    SentTransfer finish(const SignedStatement& statement);

    const SendRequest& request_;
    const SigningIdentity& identity_;
    const TransferCase* side_;
    const Context& context_;
    std::vector<Certificate> recipients_;

    File package_;
    std::uint64_t package_bytes_ = 0;
    std::string manifest_sha256_;
    std::vector<std::string> items_;  // of the case, in the package
    fs::path folder_;                 // the unfinished one
    std::optional<SendState> state_;
    std::optional<TransferRecord> record_;
    Offer offer_;
    std::vector<Sha256> parts_;
};

SentTransfer Sending::run() {
    check_request(request_, context_.clock.now());
    check_signing(identity_, side_, context_.clock.now());
    open_package();
    SendPlan plan{real_path(request_.destination), request_.form, manifest_sha256_,
                  request_.part_size_bytes, fingerprints(recipients_)};
    std::sort(plan.recipients.begin(), plan.recipients.end());
    state_ = SendState::open(plan, request_.package, side_ ? &side_->folder : nullptr, context_);
    if (side_) {
        record_.emplace(*side_, state_->transfer(), manifest_sha256_, items_, context_);
    }
    if (state_->is_resumed() && path_exists(final_folder())) {
        return finish(load_statement(final_folder() / document_name(StatementKind::offer)));
    }
    folder_ = unfinished_folder(request_.destination, state_->transfer());
    create_folders(folder_);
    remove_strays();
    make_parts();
    SignedStatement statement = make_offer();
    add_time_stamp(statement, request_.authority, context_.random);
    publish(statement);
    return finish(statement);
}

void Sending::open_package() {
    package_ = File::open_read(request_.package);
    package_bytes_ = package_.size();
    manifest_sha256_ = manifest_of(package_);
    if (part_count(package_bytes_, request_.part_size_bytes) > max_parts) {
        throw Error(ErrorKind::usage,
                    "too many parts: " + request_.package.native() + " (expected at most " +
                        std::to_string(max_parts) + ")",
                    "choose a larger --part-size");
    }
    if (!side_) return;
    const auto items = items_of_package(side_->folder.ledger(), manifest_sha256_);
    if (!items) {
        throw Error(ErrorKind::refused,
                    "package of another case: " + request_.package.native() +
                        " (expected one that this case sealed or received)",
                    "evidence-seal --record PACKAGE records a seal that was interrupted");
    }
    items_ = *items;
}

// Whatever a killed send left but whole parts and the key: it is made again.
void Sending::remove_strays() const {
    visit_folder(folder_, [](const fs::path& entry) {
        const std::string name = entry.filename().native();
        if (!is_part_name(name) && name != key_file_name) remove_if_there(entry);
    });
}

void Sending::make_parts() {
    Hasher hasher(Algorithm::sha256);
    const std::uint64_t count = part_count(package_bytes_, request_.part_size_bytes);
    Bytes plain;
    context_.progress.start("sending", package_bytes_);
    for (std::uint64_t number = 1; number <= count; ++number) {
        context_.check_interrupted();
        plain.resize(bytes_in_part(number, package_bytes_, request_.part_size_bytes));
        package_.read_exactly_at(plain, (number - 1) * request_.part_size_bytes);
        hasher.update(plain);
        const fs::path path = folder_ / part_name(number, request_.form);
        parts_.push_back(keep_or_write_part(path, plain, key()));
        context_.progress.advance(plain.size());
    }
    context_.progress.finish();
    offer_.package = {to_hex(hasher.finish_sha256()), package_bytes_};
}

// The offer is signed once: a recorded one is kept, and what lies in the folder must fit it.
SignedStatement Sending::make_offer() {
    const std::optional<SignedStatement> recorded =
        record_ ? record_->find(StatementKind::offer) : std::nullopt;
    offer_.parts_sha256 = write_parts_file();
    if (request_.form == PartForm::encrypted) {
        if (!recorded) write_key_file();
        offer_.key_sha256 = key_file_sha256(folder_ / key_file_name);
    }
    if (recorded) {
        require_same_parts(parse_offer(recorded->document, "recorded offer"));
        return *recorded;
    }
    offer_.answer_by = request_.answer_by;
    if (side_) offer_.checkpoint = side_->folder.ledger().head();
    offer_.created_at = context_.clock.now();
    offer_.manifest_sha256 = manifest_sha256_;
    offer_.part_size_bytes = request_.part_size_bytes;
    offer_.parts = parts_.size();
    offer_.recipients = fingerprints(recipients_);
    offer_.sender = identity_.certificate.fingerprint();
    offer_.transfer = state_->transfer();
    return sign_statement(format_offer(offer_), identity_, offer_.created_at);
}

void Sending::require_same_parts(const Offer& recorded) const {
    if (recorded.parts_sha256 == offer_.parts_sha256 && recorded.key_sha256 == offer_.key_sha256 &&
        recorded.package == offer_.package) {
        return;
    }
    throw Error(ErrorKind::refused,
                "unfinished transfer no longer fits its signed offer: " + folder_.native() +
                    " (expected the parts and the key that were offered)",
                "remove sending.json in " + record_->folder().native() + " to give it up");
}

std::string Sending::write_parts_file() const {
    File file = File::create_new(folder_ / part_list_file_name);
    const Sha256 digest = write_part_list(file, parts_, request_.form);
    file.sync();
    file.close();
    return to_hex(digest);
}

void Sending::write_key_file() const {
    remove_if_there(folder_ / key_file_name);
    write_new_file(folder_ / key_file_name,
                   encrypt_to_recipients(as_bytes(state_->key().text()), recipients_));
}

void Sending::publish(const SignedStatement& statement) {
    if (record_) {
        record_->keep(StatementKind::offer, statement, "offer", offer_.checkpoint);
    }
    store_statement(folder_, StatementKind::offer, statement);
    share_transfer_folder(folder_, request_.destination);
    sync_folder(folder_);
    rename_new(folder_, final_folder());
    sync_folder(request_.destination);
}

SentTransfer Sending::finish(const SignedStatement& statement) {
    if (record_ && !(state_->is_resumed() && record_->has_event("dispatch"))) {
        record_->append("dispatch", statement);
    }
    state_->forget();
    return {parse_offer(statement.document, document_name(StatementKind::offer)), final_folder(),
            state_->is_resumed()};
}

}  // namespace

SentTransfer send_transfer(const SendRequest& request, const SigningIdentity& identity,
                           const TransferCase* side, const Context& context) {
    try {
        return Sending(request, identity, side, context).run();
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::interrupted) throw;
        throw Error(ErrorKind::interrupted, error.message(),
                    "the same command goes on where this one stopped");
    }
}

}  // namespace evidence
