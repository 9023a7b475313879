// evidence-verify: what is true about a package, a case, a transfer or a bag.
#include <fmt/format.h>
#include <sys/stat.h>

#include <optional>
#include <vector>

#include "base/error.h"
#include "base/file.h"
#include "base/folder.h"
#include "cli/case_options.h"
#include "cli/catalogue.h"
#include "cli/environment.h"
#include "cli/json_stream.h"
#include "cli/tool.h"
#include "custody/event_writer.h"
#include "digest/file_digest.h"
#include "verification/report_output.h"
#include "verification/verify_target.h"
#include "verify_page.h"

namespace {

using namespace evidence;

struct VerifyOptions {
    cli::CommonOptions common;
    cli::CaseOptions case_options;
    cli::ActorOptions actor;
    std::string target;
    std::vector<std::string> trust_anchors, time_stamp_anchors, revocation_lists;
    std::vector<std::string> required;
    std::string report_file, language;
};

void setup(CLI::App& app, VerifyOptions& options) {
    app.add_option("target", options.target,
                   "A sealed package, a case folder, a transfer folder or a bag")
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
                   "What must be there, separated by commas: timestamp")
        ->type_name("LIST")
        ->delimiter(',')
        ->allow_extra_args(false);
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

// A file as it stood at one moment: changed when any write came after it.
struct FileState {
    explicit FileState(const File& file) {
        if (::fstat(file.fd(), &status) != 0) throw_errno("cannot examine", file.name());
    }
    bool operator==(const FileState& other) const {
        return status.st_size == other.status.st_size &&
               status.st_mtim.tv_sec == other.status.st_mtim.tv_sec &&
               status.st_mtim.tv_nsec == other.status.st_mtim.tv_nsec;
    }
    struct stat status {};
};

// The verification of a package as an event of a case. Whatever could prevent it is found here,
// before hours of work: a verdict must not be lost to a wrong key.
class RecordedVerification {
public:
    RecordedVerification(const VerifyOptions& options, const Context& context)
        : context_(context),
          package_(open_package(options.target)),
          state_(package_),
          case_folder_(cli::open_case(options.case_options)),
          identity_(cli::load_identity(options.actor)),
          author_(cli::author_of(options.actor, identity_ ? &*identity_ : nullptr,
                                 case_folder_.details())),
          draft_(cli::draft_of(options.actor, "verify_ok")) {
        check_draft(draft_, author_, context_.clock.now());
    }
    RecordedVerification(const RecordedVerification&) = delete;
    RecordedVerification& operator=(const RecordedVerification&) = delete;

    VerificationReport verify(const VerificationOptions& options) const {
        return verify_package(package_, options, context_);
    }

    // The digest is that of the bytes that were verified.
    void record(const VerificationReport& report) try {
        const std::string sha256 = sha256_of_file(package_, context_);
        if (FileState(package_) != state_) {
            throw Error(ErrorKind::io, "package changed while it was verified: " + package_.name() +
                                           " (expected nobody to write to it)");
        }
        if (report.verdict() == Verdict::total_failed) draft_.type = "verify_failed";
        draft_.detail = Json::object({{"manifest_sha256", report.manifest_sha256},
                                      {"target_sha256", sha256},
                                      {"verdict", name_of(report.verdict())}});
        case_folder_.ledger().append(draft_, author_, context_);
    } catch (const Error& error) {
        throw Error(error.kind(),
                    "the verdict, " + std::string(name_of(report.verdict())) +
                        ", is not recorded: " + error.message(),
                    error.hint());
    }

private:
    // Only a package is something handed around whose verification belongs into the history.
    static File open_package(const std::string& path) {
        if (is_folder(path)) {
            throw Error(ErrorKind::usage,
                        "not a package: " + path + " (expected a sealed package with --case)",
                        "cases and transfers are verified without --case");
        }
        return File::open_read(path);
    }

    const Context& context_;
    const File package_;
    const FileState state_;
    CaseFolder case_folder_;
    const std::optional<SigningIdentity> identity_;
    const EventAuthor author_;
    EventDraft draft_;
};

void print_report(const VerifyOptions& options, const VerificationReport& report,
                  const Translation& words) {
    if (options.common.json) {
        cli::print_document(report_json(report));
    } else if (!options.common.quiet) {
        fmt::print("{}", report_text(report, options.common.verbose, words));
    }
}

std::set<Requirement> requirements_of(const VerifyOptions& options) {
    std::set<Requirement> required;
    for (const std::string& name : options.required) {
        if (name != "timestamp") {
            throw Error(ErrorKind::usage, "no such requirement: " + name + " (expected timestamp)");
        }
        required.insert(Requirement::timestamp);
    }
    return required;
}

cli::ExitCode run(const VerifyOptions& options) {
    const cli::Environment environment(options.common);
    const cli::Catalogue words(options.language);
    std::optional<ReportFile> page;
    if (!options.report_file.empty()) page.emplace(options.report_file);
    TrustStore trust;
    for (const std::string& path : options.trust_anchors) trust.add_anchors(path);
    for (const std::string& path : options.revocation_lists) trust.add_revocation_lists(path);
    TrustStore authorities;
    for (const std::string& path : options.time_stamp_anchors) authorities.add_anchors(path);
    for (const std::string& path : options.revocation_lists) authorities.add_revocation_lists(path);
    VerificationOptions verification;
    verification.trust = &trust;
    if (authorities.has_anchors()) verification.authorities = &authorities;
    verification.required = requirements_of(options);
    std::optional<RecordedVerification> recorded;
    if (!options.case_options.case_folder.empty()) {
        recorded.emplace(options, environment.context());
    }
    const VerificationReport report =
        recorded ? recorded->verify(verification)
                 : verify_target(options.target, verification, environment.context());
    print_report(options, report, words);
    if (page) page->write(report, options.trust_anchors, words);
    if (recorded) recorded->record(report);
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
