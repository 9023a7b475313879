// evidence-transfer receive.
#include <fmt/format.h>

#include "base/error.h"
#include "base/printable.h"
#include "cli/diagnostics.h"
#include "signature/pkcs11_uri.h"
#include "transfer/receive.h"
#include "transfer_commands.h"
#include "verification/verify_package.h"

namespace evidence::cli {
namespace {

// The key that opens the transfer, where it is not the one that signs. EVIDENCE_CHAIN and the like
// are about the signer and mean nothing here: this certificate may come from another CA.
std::optional<SigningIdentity> load_decrypter(const ReceiveOptions& options) {
    if (options.decrypt_key.empty()) return std::nullopt;
    if (options.decrypt_certificate.empty() && !is_pkcs11_uri(options.decrypt_key)) {
        throw Error(ErrorKind::usage, "--decrypt-key requires --decrypt-cert",
                    "only a key on a token may have its certificate beside it");
    }
    return evidence::load_identity(
        {options.decrypt_key, options.decrypt_certificate, {}, token_access()},
        passphrase_source(options.decrypt_password_file));
}

void print_finding(const Finding& finding) {
    if (finding.weight == Weight::info) return;
    say("{}: {}: {}: {}{}{}\n", transfer_tool, name_of(finding.weight), finding.code,
        printable(finding.message), finding.where.empty() ? "" : ": ", printable(finding.where));
}

PackageVerifier make_verifier(const TrustStore& trust, const TrustStore& authorities,
                              const Context& context, const CommonOptions& common) {
    return [&](const fs::path& package) {
        VerificationOptions options;
        options.trust = &trust;
        if (authorities.has_anchors()) options.authorities = &authorities;
        const VerificationReport report = verify_package(package, options, context);
        PackageOpinion opinion;
        opinion.verdict = report.verdict();
        for (const Finding& finding : report.findings.all()) {
            if (!common.quiet) print_finding(finding);
            if (finding.weight != Weight::info) opinion.findings.push_back(finding.code);
        }
        return opinion;
    };
}

void print_summary(const ReceivedTransfer& received, const CommonOptions& common) {
    if (common.quiet) return;
    const Answer& answer = received.answer;
    say("{}: {}{}{}{}\n", transfer_tool,
        answer.kind() == StatementKind::receipt ? "received" : "refused: " + answer.reason,
        answer.verdict ? ", " : "", answer.verdict ? name_of(*answer.verdict) : "",
        answer.verdict ? "" : ", not opened");
}

}  // namespace

CLI::App* add_receive(CLI::App& app, ReceiveOptions& options) {
    CLI::App* command =
        app.add_subcommand("receive", "Receive a transfer, verify the package, sign a receipt");
    command->add_option("source", options.source, "The transfer folder")
        ->type_name("SRC")
        ->required();
    command->add_option("--output,-o", options.output, "New file for the package")
        ->type_name("OUT.asice");
    CLI::Option* key = command
                           ->add_option("--decrypt-key", options.decrypt_key,
                                        "Key that opens the transfer, if --key only signs")
                           ->type_name("FILE");
    CLI::Option* certificate =
        command
            ->add_option("--decrypt-cert", options.decrypt_certificate, "Certificate of that key")
            ->type_name("FILE");
    certificate->needs(key);
    command
        ->add_option("--decrypt-key-password", options.decrypt_password_file,
                     "File with the passphrase of that key, or fd:N")
        ->type_name("FILE")
        ->needs(key);
    command
        ->add_option("--refuse", options.refuse,
                     "Refuse unopened, for a reason such as wrong-authority")
        ->type_name("REASON");
    command->add_option("--media", options.media, "What it came on: a label or serial number")
        ->type_name("TEXT");
    add_statement_authority(*command, options.authority);
    add_trust_option(*command, options.trust_anchors);
    command
        ->add_option("--tsa-anchor", options.authority.anchors,
                     "The same for time-stamping authorities (default: the trust anchors)")
        ->type_name("FILE")
        ->allow_extra_args(false);
    add_case_options(*command, options.case_options);
    add_actor_options(*command, options.actor);
    return command;
}

ExitCode run_receive(const ReceiveOptions& options, const CommonOptions& common) {
    const Environment environment(common);
    // A refusal writes no package; a name given for one does no harm.
    if (options.output.empty() && options.refuse.empty()) {
        throw Error(ErrorKind::usage,
                    "what to do with the transfer? (expected -o OUT.asice or "
                    "--refuse REASON)");
    }
    const Acting acting(options.actor, options.case_options);
    const TimestampClient client(options.authority);
    client.try_out(environment.context().random);
    const ReceiveRequest request{options.source, options.output, options.media,
                                 client.authority_if_any()};
    const std::optional<SigningIdentity> decrypter = load_decrypter(options);
    const Recipient recipient{acting.identity(), decrypter ? *decrypter : acting.identity()};
    const TrustStore trust = trust_of(options.trust_anchors);
    const TrustStore authorities = trust_of(options.authority.anchors);
    const bool refuse = !options.refuse.empty();
    const ReceivedTransfer received =
        refuse ? refuse_transfer(request, options.refuse, recipient, trust, acting.side(),
                                 environment.context())
               : receive_transfer(request, recipient, trust,
                                  make_verifier(trust, authorities, environment.context(), common),
                                  acting.side(), environment.context());
    print_summary(received, common);
    print_result(received.answer_path, received.answer_path.parent_path(), common);
    return received.answer.verdict ? exit_code_for(*received.answer.verdict) : ExitCode::done;
}

}  // namespace evidence::cli
