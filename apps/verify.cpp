// evidence-verify: what is true about a package, a case, a transfer or a bag.
#include <fmt/format.h>
#include <unistd.h>

#include <exception>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/folder.h"
#include "cli/case_options.h"
#include "cli/catalogue.h"
#include "cli/environment.h"
#include "cli/json_stream.h"
#include "cli/tool.h"
#include "package/origin_view.h"
#include "verification/extract.h"
#include "verification/outside_head.h"
#include "verification/package_spool.h"
#include "verification/report_output.h"
#include "verification/verify_target.h"
#include "verify_page.h"
#include "verify_recorded.h"

namespace {

using namespace evidence;

struct VerifyOptions {
    cli::CommonOptions common;
    cli::CaseOptions case_options;
    cli::ActorOptions actor;
    std::string target;
    std::vector<std::string> trust_anchors, time_stamp_anchors, revocation_lists;
    std::vector<std::string> required, heads;
    std::string report_file, language, original;
    bool quick = false, intact_only = false;
    std::string extract_to;

    // What needs the very bytes of a package, and not only a path.
    bool is_about_a_package() const {
        return target == "-" || !extract_to.empty() || !case_options.case_folder.empty() ||
               !original.empty();
    }
};

void setup(CLI::App& app, VerifyOptions& options) {
    app.add_option("target", options.target,
                   "A sealed package (- reads one from standard input), a case or transfer folder, "
                   "a statement, a checkpoint or a bag")
        ->type_name("TARGET")
        ->required();
    app.add_option("--trust-anchor", options.trust_anchors,
                   "Certificate that is trusted, or a folder of them; may be repeated")
        ->type_name("FILE|DIR")
        ->allow_extra_args(false);
    app.add_option("--tsa-anchor", options.time_stamp_anchors,
                   "The same for time-stamping authorities (default: the trust anchors)")
        ->type_name("FILE|DIR")
        ->allow_extra_args(false);
    app.add_option("--crl", options.revocation_lists,
                   "Certificate revocation list, or a folder of them; may be repeated")
        ->type_name("FILE|DIR")
        ->allow_extra_args(false);
    app.add_option("--require", options.required,
                   "What must be there, separated by commas: timestamp, outside-head, "
                   "signed-events, complete-acquisition, signers=N")
        ->type_name("LIST")
        ->delimiter(',')
        ->allow_extra_args(false);
    app.add_option("--head", options.heads,
                   "What others hold about this case: a checkpoint, a receipt, another package, or "
                   "a folder of them; may be repeated")
        ->type_name("FILE|DIR")
        ->allow_extra_args(false);
    app.add_option("--original", options.original,
                   "Of a disclosure: the package it was cut from, to compare with")
        ->type_name("PACKAGE");
    app.add_flag("--quick", options.quick,
                 "Compare the pieces of large objects on all processors instead of computing "
                 "their digests");
    app.add_option("--extract", options.extract_to,
                   "New folder to put the evidence of a package into, under its original names")
        ->type_name("DIR");
    app.add_flag("--intact-only", options.intact_only,
                 "With --extract: also from a package that failed, what is intact in it");
    app.add_option("--report", options.report_file,
                   "Write the report as one HTML page that needs nothing else, a new file")
        ->type_name("FILE");
    app.add_option("--lang", options.language,
                   "Language of report and page: en or vi (default: as the environment says)")
        ->type_name("LANG");
    app.add_option("--case", options.case_options.case_folder,
                   "Record the outcome in the ledger of this case (default: nowhere)")
        ->type_name("DIR");
    cli::add_actor_options(app, options.actor);
}

void print_report(const VerifyOptions& options, const VerificationReport& report,
                  const Translation& words) {
    if (options.common.json) {
        cli::print_document(report_json(report));
    } else if (!options.common.quiet) {
        fmt::print("{}", report_text(report, options.common.verbose, words));
    }
}

// How the answer is given: in which language, and whether also as a page.
class Presentation {
public:
    explicit Presentation(const VerifyOptions& options)
        : options_(options), words_(options.language) {
        if (!options.report_file.empty()) page_.emplace(options.report_file);
    }
    void show(const VerificationReport& report) {
        print_report(options_, report, words_);
        if (!page_) return;
        page_->write(report,
                     {"", options_.trust_anchors, options_.time_stamp_anchors,
                      options_.revocation_lists, options_.heads, options_.required, options_.quick},
                     words_);
    }

private:
    const VerifyOptions& options_;
    const cli::Catalogue words_;
    std::optional<ReportFile> page_;
};

// What verification looks at beside the target, as long as it goes on.
struct Surroundings {
    TrustStore trust, authorities;
    OutsideHeads heads;
    std::optional<OriginPackage> original;
    VerificationOptions options;

    Surroundings(const VerifyOptions& given, const Context& context) {
        for (const std::string& path : given.trust_anchors) trust.add_anchors(path);
        for (const std::string& path : given.time_stamp_anchors) authorities.add_anchors(path);
        for (const std::string& path : given.revocation_lists) {
            trust.add_revocation_lists(path);
            authorities.add_revocation_lists(path);
        }
        for (const std::string& name : given.required) options.required.add(name);
        options.trust = &trust;
        if (authorities.has_anchors()) options.authorities = &authorities;
        const JudgedBy by = options.judged_by(context.clock.now());
        for (const std::string& path : given.heads) heads.add(path, by);
        options.quick = given.quick;
        if (!given.heads.empty()) options.heads = &heads;
        if (!given.original.empty()) options.original = &original.emplace(given.original);
    }
    Surroundings(const Surroundings&) = delete;
    Surroundings& operator=(const Surroundings&) = delete;
};

[[noreturn]] void refuse_no_package(const std::string& path) {
    throw Error(ErrorKind::usage,
                "not a package: " + path +
                    " (expected a sealed package with --case, --extract and --original)",
                "everything else is verified without them");
}

File open_package(const std::string& path, const Context& context) {
    if (path == "-") return spool_package(STDIN_FILENO, path, context);
    if (is_folder(path)) refuse_no_package(path);
    return File::open_read(path);
}

// A verdict is not lost because its evidence could not be written.
std::exception_ptr extract(const VerifyOptions& options, const File& package,
                           VerificationReport& report, const Context& context) try {
    report.extraction = extract_package(
        package, report, options.extract_to,
        options.intact_only ? ExtractionChoice::what_is_intact : ExtractionChoice::what_passed,
        context);
    return nullptr;
} catch (const Error&) {
    return std::current_exception();
}

cli::ExitCode run_on_package(const VerifyOptions& options, Presentation& presentation,
                             const VerificationOptions& verification, const Context& context) {
    if (!options.extract_to.empty()) require_extraction_target(options.extract_to);
    const File package = open_package(options.target, context);
    std::optional<cli::RecordedVerification> recorded;
    if (!options.case_options.case_folder.empty()) {
        recorded.emplace(package, options.case_options, options.actor, context);
    }
    const bool is_said_to_be_one = options.target == "-" || has_name_of_package(options.target);
    VerificationReport report = is_said_to_be_one ? verify_package(package, verification, context)
                                                  : verify_target(package, verification, context);
    if (report.kind != TargetKind::package) refuse_no_package(options.target);
    const bool failed = report.verdict() == Verdict::total_failed;
    if (!options.original.empty() && !report.is_disclosure && !failed) {
        throw Error(ErrorKind::usage,
                    "not a disclosure: " + options.target + " (expected one, or no --original)");
    }
    std::exception_ptr failure;
    if (!options.extract_to.empty()) failure = extract(options, package, report, context);
    presentation.show(report);
    if (recorded) recorded->record(report);
    if (failure) std::rethrow_exception(failure);
    return cli::exit_code_for(report.verdict());
}

cli::ExitCode run(const VerifyOptions& options) {
    const cli::Environment environment(options.common);
    const Context& context = environment.context();
    if (options.intact_only && options.extract_to.empty()) {
        throw Error(ErrorKind::usage,
                    "--intact-only is about what is extracted "
                    "(expected --extract DIR)");
    }
    Presentation presentation(options);
    const Surroundings surroundings(options, context);
    if (options.is_about_a_package()) {
        return run_on_package(options, presentation, surroundings.options, context);
    }
    const VerificationReport report = verify_target(options.target, surroundings.options, context);
    presentation.show(report);
    return cli::exit_code_for(report.verdict());
}

}  // namespace

int main(int argc, char** argv) {
    VerifyOptions options;
    return cli::run_tool(
        argc, argv, "evidence-verify",
        "Verify a sealed package, a case, a transfer or a bag, and say what could be established.",
        options.common, [&](CLI::App& app) { setup(app, options); }, [&] { return run(options); });
}
