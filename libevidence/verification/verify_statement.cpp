#include "verification/verify_statement.h"

#include <algorithm>

#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "package/package_layout.h"
#include "signature/cms_signature.h"
#include "signature/signature_time.h"
#include "verification/head_comparison.h"
#include "verification/required_elsewhere.h"
#include "verification/statement_claims.h"

namespace evidence {
namespace {

constexpr std::string_view checkpoint_start = "evidence-ledger/1/";

// Of whatever version: a later one is refused as such.
bool names_a_statement(std::string_view text) {
    return std::any_of(all_statement_kinds.begin(), all_statement_kinds.end(),
                       [text](StatementKind kind) {
                           const std::string_view format = format_of(kind);
                           const std::string named =
                               "\"format\":\"" + std::string(format.substr(0, format.find('/')));
                           return text.find(named + "/") != std::string_view::npos;
                       });
}

class StatementVerification {
public:
    StatementVerification(const fs::path& path, const VerificationOptions& options,
                          const Context& context)
        : path_(path),
          where_(path.filename().native()),
          options_(options),
          text_(read_small_file(File::open_regular(path), statement_max_bytes)) {
        report_.target = path.native();
        report_.checked_at = context.clock.now();
        report_.layers = {Layer::structure, Layer::signature};
    }

    VerificationReport run() {
        if (text_.starts_with(checkpoint_start)) {
            verify_checkpoint();
        } else if (names_a_statement(text_)) {
            verify_transfer_statement();
        } else {
            throw Error(ErrorKind::malformed,
                        "cannot tell what this is: " + path_.native() +
                            " (expected a package, a statement of a transfer or a checkpoint)");
        }
        if (report_.signing_time) report_.layers.insert({Layer::identity, Layer::time});
        require_what_is_elsewhere(options_, report_);
        return std::move(report_);
    }

private:
    void fail(std::string code, Layer layer, std::string message) {
        report_.findings.add(std::move(code), layer, Weight::failed, std::move(message), where_);
    }

    void verify_checkpoint() {
        report_.kind = TargetKind::checkpoint;
        check_signature(path_.native() + ".p7s");
        try {
            report_.checkpoint = parse_checkpoint(text_, where_);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::malformed) throw;
            return fail("document.malformed", Layer::structure, error.message());
        }
        compare_checkpoint(*report_.checkpoint);
    }

    void verify_transfer_statement() {
        report_.kind = TargetKind::statement;
        fs::path signature = path_;
        const std::string signer = check_signature(signature.replace_extension(".p7s"));
        try {
            const StatementClaims claims = parse_statement(text_, where_);
            report_.statement = {std::string(name_of(claims.kind)), claims.transfer,
                                 sha256_hex(text_), claims.manifest_sha256};
            report_.created_at = claims.at;
            report_.checkpoint = claims.checkpoint;
            if (!signer.empty() && signer != claims.signer) {
                fail("transfer.wrong-signer", Layer::signature,
                     "signed by another certificate than the statement names");
            }
            check_times(claims.at);
            if (claims.checkpoint) compare_checkpoint(*claims.checkpoint);
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::malformed && error.kind() != ErrorKind::unsupported) {
                throw;
            }
            fail("transfer.statement-malformed", Layer::structure, error.message());
        }
    }

    // The signer's fingerprint; empty when the signature is missing or does not hold.
    std::string check_signature(const fs::path& file) {
        if (!name_is_taken(file)) {
            report_.findings.add("signature.absent", Layer::signature, Weight::indeterminate,
                                 "not signed (expected " + file.filename().native() + " beside it)",
                                 where_);
            return {};
        }
        const std::string bytes = read_small_file(File::open_regular(file), cms_max_bytes);
        const std::string name = file.filename().native();
        const DetachedSignature signature = check_detached(as_bytes(bytes), as_bytes(text_), name);
        report_.findings.append(signature.findings);
        if (!signature.signer || !signature.signing_time) return {};
        report_.signing_time = signature.signing_time;
        report_.signer_subject = signature.signer->subject();
        report_.signer_certificate_sha256 = signature.signer->fingerprint();
        if (signature.findings.has_failure()) return {};
        const fs::path token = fs::path(file).replace_extension(".tst");
        const SignatureJudgement judgement = judge_signature(
            signature, as_bytes(bytes), as_bytes(token_in(token)),
            options_.judged_by(report_.checked_at), name, token.filename().native());
        report_.findings.append(judgement.time);
        if (judgement.proven) note_proven_time(*judgement.proven, token.filename().native());
        report_.findings.append(judgement.signer);
        return report_.signer_certificate_sha256;
    }

    // The token beside a signature proves when that existed. Empty, with a finding: there is none.
    std::string token_in(const fs::path& file) {
        if (name_is_taken(file)) {
            std::string token =
                read_small_file(File::open_regular(file), timestamp_token_max_bytes);
            if (token.empty()) {  // must pass neither for a token nor for none
                report_.findings.add("timestamp.malformed", Layer::time,
                                     weight_of(TimestampFault::malformed), "an empty file",
                                     file.filename().native());
            }
            return token;
        }
        report_.findings.add("timestamp.absent", Layer::time,
                             options_.weight_of_absent_time_stamp(),
                             "the time of signing is only the signer's word", where_);
        return {};
    }

    void note_proven_time(const TimestampFacts& facts, const std::string& name) {
        report_.proven_time = facts.time;
        report_.proven_by = facts.tsa.subject();
        report_.time_stamps.push_back({name, facts.time, facts.accuracy_ms, facts.policy,
                                       facts.serial, facts.tsa.subject(), facts.tsa.fingerprint(),
                                       true});
    }

    void check_times(UtcTime at) {
        if (!report_.signing_time) return;
        if (at.milliseconds > report_.signing_time->milliseconds + time_stamp_tolerance_ms) {
            fail("time.inconsistent", Layer::time, "it speaks of a time later than its signing");
        }
    }

    // Its own heads are all the history it has.
    void compare_checkpoint(const CheckpointText& checkpoint) {
        ChainAtHand chain;
        chain.where = where_;
        chain = chain_at(checkpoint, std::move(chain));
        compare_with_heads(chain, options_, report_);
    }

    const fs::path& path_;
    std::string where_;
    const VerificationOptions& options_;
    std::string text_;
    VerificationReport report_;
};

}  // namespace

bool looks_like_statement(const File& file) {
    Bytes start(checkpoint_start.size());
    const std::size_t count = file.read_at(start, 0);
    const std::string_view text = as_text(ByteView(start).first(count));
    return text.starts_with(R"({")") || text == checkpoint_start;
}

VerificationReport verify_statement(const fs::path& path, const VerificationOptions& options,
                                    const Context& context) {
    return StatementVerification(path, options, context).run();
}

}  // namespace evidence
