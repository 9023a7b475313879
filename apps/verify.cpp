// evidence-verify: what is true about a package, a case or a transfer.
#include <fmt/format.h>

#include <vector>

#include "base/file.h"
#include "base/hex.h"
#include "cli/case_options.h"
#include "cli/environment.h"
#include "cli/tool.h"
#include "digest/digest.h"
#include "verification/report_output.h"
#include "verification/verify_target.h"

namespace {

using namespace evidence;

struct VerifyOptions {
    cli::CommonOptions common;
    cli::CaseOptions case_options;
    cli::ActorOptions actor;
    std::string target;
    std::vector<std::string> trust_anchors, revocation_lists;
};

void setup(CLI::App& app, VerifyOptions& options) {
    app.add_option("target", options.target, "A sealed package, a case folder or a transfer folder")
        ->type_name("TARGET")
        ->required();
    app.add_option("--trust-anchor", options.trust_anchors,
                   "Certificate that is trusted, or a folder of them; may be repeated")
        ->type_name("FILE|DIR")
        ->allow_extra_args(false);
    app.add_option("--crl", options.revocation_lists,
                   "Certificate revocation list, or a folder of them; may be repeated")
        ->type_name("FILE|DIR")
        ->allow_extra_args(false);
    cli::add_case_options(app, options.case_options);
    cli::add_actor_options(app, options.actor);
}

std::string file_sha256(const std::string& path, const Context& context) {
    File file = File::open_read(path);
    Hasher hasher(Algorithm::sha256);
    Bytes buffer(mib);
    while (const std::size_t got = file.read_some(buffer)) {
        context.check_interrupted();
        hasher.update(ByteView(buffer).first(got));
    }
    return to_hex(hasher.finish_sha256());
}

// Only a package is something handed around whose verification belongs into the history.
void record_outcome(const VerifyOptions& options, const VerificationReport& report,
                    const Context& context) {
    if (options.case_options.case_folder.empty()) return;
    if (report.kind != TargetKind::package) {
        throw Error(ErrorKind::usage, "--case goes with a package: " + options.target);
    }
    CaseFolder case_folder = cli::open_case(options.case_options);
    const std::optional<SigningIdentity> identity = cli::load_identity(options.actor);
    EventDraft draft = cli::draft_of(
        options.actor, report.verdict() == Verdict::total_failed ? "verify_failed" : "verify_ok");
    draft.detail = Json::object({{"manifest_sha256", report.manifest_sha256},
                                 {"target_sha256", file_sha256(options.target, context)},
                                 {"verdict", name_of(report.verdict())}});
    case_folder.ledger().append(
        draft,
        cli::author_of(options.actor, identity ? &*identity : nullptr, case_folder.details()),
        context);
}

cli::ExitCode run(const VerifyOptions& options) {
    const cli::Environment environment(options.common);
    TrustStore trust;
    for (const std::string& path : options.trust_anchors) trust.add_anchors(path);
    for (const std::string& path : options.revocation_lists) trust.add_revocation_lists(path);
    VerificationOptions verification;
    verification.trust = &trust;
    const VerificationReport report =
        verify_target(options.target, verification, environment.context());
    if (options.common.json) {
        fmt::print("{}\n", canonical(report_json(report)));
    } else if (!options.common.quiet) {
        fmt::print("{}", report_text(report, options.common.verbose));
    }
    record_outcome(options, report, environment.context());
    return cli::exit_code_for(report.verdict());
}

}  // namespace

int main(int argc, char** argv) {
    VerifyOptions options;
    return cli::run_tool(
        argc, argv, "evidence-verify",
        "Verify a sealed package, a case or a transfer, and say what could be established.",
        options.common, [&](CLI::App& app) { setup(app, options); }, [&] { return run(options); });
}
