// Verification of one signed document by itself: a statement of a transfer (receipt.json with
// receipt.p7s) or a checkpoint of a ledger (F with F.p7s), and the time-stamp beside it.
#include "base/error.h"
#include "base/folder.h"
#include "signature/claimed_time.h"
#include "signature/signature_time.h"
#include "transfer/statement.h"
#include "verification/verify_target.h"

namespace evidence {
namespace {

constexpr std::string_view checkpoint_mark = "evidence-ledger/";
constexpr std::string_view statement_mark = "{\"";

// A statement has NAME.json, NAME.p7s and NAME.tst, a checkpoint F, F.p7s and F.tst.
fs::path beside(const fs::path& document, const char* extension) {
    fs::path path = document;
    if (path.extension() == ".json") return path.replace_extension(extension);
    return path += extension;
}

std::string start_of(const fs::path& path) {
    const File file = File::open_read(path);
    std::string start(checkpoint_mark.size(), '\0');
    start.resize(file.read_at({reinterpret_cast<std::uint8_t*>(start.data()), start.size()}, 0));
    return start;
}

// The fingerprint of the certificate that a statement says it is signed by; empty for a checkpoint,
// which names nobody. Error(malformed) when it is neither.
std::string claimed_signer(const std::string& document, const std::string& where) {
    if (document.starts_with(checkpoint_mark)) {
        parse_checkpoint(document, where);
        return {};
    }
    const auto has_format = [&document](StatementKind kind) {
        const std::string member = "\"format\":\"" + std::string(format_of(kind)) + "\"";
        return document.find(member) != std::string::npos;
    };
    if (has_format(StatementKind::offer)) return parse_offer(document, where).sender;
    if (has_format(StatementKind::close)) return parse_close(document, where).sender;
    return parse_answer(document, where).recipient;
}

class StatementCheck {
public:
    StatementCheck(const fs::path& document, const VerificationOptions& options,
                   VerificationReport& report)
        : path_(document),
          name_(document.filename().native()),
          options_(options),
          report_(report) {}

    void run() {
        const std::string document =
            read_small_file(File::open_regular(path_), statement_max_bytes);
        const std::string signature_file =
            read_small_file(File::open_regular(beside(path_, ".p7s")), cms_max_bytes);
        const DetachedSignature signature =
            check_detached(as_bytes(signature_file), as_bytes(document), name_);
        report_.findings.append(signature.findings);
        check_form(document, signature);
        if (!signature.signer || signature.findings.has_failure()) return;
        report_.layers.insert({Layer::identity, Layer::time});
        report_.signing_time = signature.signing_time;
        report_.signer_subject = signature.signer->subject();
        report_.signer_certificate_sha256 = signature.signer->fingerprint();
        check_time(as_bytes(signature_file), signature);
        check_identity(signature);
    }

private:
    void check_form(const std::string& document, const DetachedSignature& signature) {
        try {
            const std::string claimed = claimed_signer(document, name_);
            if (claimed.empty() || !signature.signer ||
                signature.signer->fingerprint() == claimed) {
                return;
            }
            report_.findings.add("transfer.wrong-signer", Layer::signature, Weight::failed,
                                 "signed by another certificate than the statement names", name_);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::malformed && error.kind() != ErrorKind::unsupported) {
                throw;
            }
            report_.findings.add("transfer.statement-malformed", Layer::structure, Weight::failed,
                                 error.message(), name_);
        }
    }

    void check_time(ByteView signature_file, const DetachedSignature& signature) {
        const fs::path path = beside(path_, ".tst");
        if (!path_exists(path)) {
            report_.findings.add("timestamp.absent", Layer::time,
                                 options_.weight_of_absent_time_stamp(),
                                 "the time of signing is only the signer's word", name_);
            return;
        }
        const std::string token =
            read_small_file(File::open_regular(path), timestamp_token_max_bytes);
        const SignatureTime time = check_signature_time(
            as_bytes(token), signature_file, signature, options_.anchors_of_time(),
            report_.checked_at, path.filename().native());
        report_.findings.append(time.findings);
        if (!time.proven) return;
        const TimestampFacts& facts = *time.proven;
        report_.proven_time = facts.time;
        report_.proven_by = facts.tsa.subject();
        report_.time_stamps.push_back({path.filename().native(), facts.time, facts.accuracy_ms,
                                       facts.policy, facts.serial, facts.tsa.subject(),
                                       facts.tsa.fingerprint(), true});
    }

    void check_identity(const DetachedSignature& signature) {
        static const TrustStore nothing_given;
        const TrustStore& trust = options_.trust ? *options_.trust : nothing_given;
        report_.findings.append(
            report_.proven_time
                ? check_signer_at_proven_time(trust, signature, *report_.proven_time, name_)
                : check_signer_at_claimed_time(trust, signature, report_.checked_at, name_));
    }

    const fs::path path_;
    const std::string name_;
    const VerificationOptions& options_;
    VerificationReport& report_;
};

}  // namespace

bool is_statement(const fs::path& target) {
    if (is_folder(target) || !path_exists(beside(target, ".p7s"))) return false;
    const std::string start = start_of(target);
    return start.starts_with(statement_mark) || start == checkpoint_mark;
}

VerificationReport verify_statement(const fs::path& document, const VerificationOptions& options,
                                    const Context& context) {
    VerificationReport report;
    report.target = document.native();
    report.kind = TargetKind::statement;
    report.checked_at = context.clock.now();
    report.layers = {Layer::structure, Layer::signature};
    StatementCheck(document, options, report).run();
    return report;
}

}  // namespace evidence
