// evidence-seal: items of a case into one signed package.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "base/printable.h"
#include "base/utf8.h"
#include "cli/case_options.h"
#include "cli/diagnostics.h"
#include "cli/environment.h"
#include "cli/json_stream.h"
#include "custody/event_writer.h"
#include "package/package_file.h"
#include "package/seal.h"
#include "seal_disclosure.h"
#include "seal_renewal.h"

namespace evidence::cli {
namespace {

constexpr const char* tool = "evidence-seal";

struct Options {
    CommonOptions common;
    CaseOptions in_case;
    ActorOptions actor;
    std::vector<std::string> items;
    bool all = false;
    bool only_new = false;
    std::string request;
    std::vector<std::string> conditions;
    std::string output;
    std::string record;  // a finished package
    TimestampOptions timestamp;
    RevocationOptions revocation;
    RenewalOptions renewal;
    DisclosureOptions disclosure;
};

void setup(CLI::App& app, Options& options) {
    add_case_options(app, options.in_case);
    app.add_option("--item", options.items, "Seal this item; may be repeated")->type_name("ID");
    app.add_flag("--all", options.all, "Seal every item of the case");
    app.add_flag("--new", options.only_new, "Seal the items that are in no earlier package");
    app.add_option("--request", options.request, "The request this answers, a JSON document")
        ->type_name("FILE");
    app.add_option("--condition", options.conditions,
                   "A condition that binds every receiver; may be repeated")
        ->type_name("KIND=TEXT");
    app.add_option("--output,-o", options.output, "The package to write; - is standard output")
        ->type_name("FILE");
    app.add_option("--record", options.record,
                   "Record the seal of a finished package that the ledger does not know")
        ->type_name("PACKAGE");
    add_timestamp_options(app, options.timestamp);
    add_revocation_options(app, options.revocation);
    add_renewal_options(app, options.renewal);
    add_disclosure_options(app, options.disclosure);
    add_actor_options(app, options.actor, Signers::several);
}

[[noreturn]] void refuse(const std::string& message) {
    throw Error(ErrorKind::usage, message, "see evidence-seal --help");
}

void require_consistent(const Options& options) {
    const int selections =
        (options.items.empty() ? 0 : 1) + (options.all ? 1 : 0) + (options.only_new ? 1 : 0);
    const bool is_sealing = selections > 0 || !options.output.empty() || !options.request.empty() ||
                            !options.conditions.empty() || options.disclosure.is_any();
    require_consistent(options.timestamp);
    require_consistent(options.renewal, options.timestamp, options.revocation);
    const bool wants_lists = options.revocation.fetch || !options.revocation.paths.empty();
    if (wants_lists && (!options.timestamp.query.empty() || !options.record.empty())) {
        refuse("revocation lists go into signatures and time-stamps (expected none here)");
    }
    if (!options.actor.cosigners.empty() && !is_sealing) {
        refuse("more than one --key is for sealing: a finished package takes no co-signature");
    }
    if (options.timestamp.is_command() || !options.renewal.package.empty()) {
        if (is_sealing || !options.record.empty()) {
            refuse("time-stamps of a finished package take no items, conditions or output");
        }
        if (options.common.json) refuse("--json is for sealing");
        return;
    }
    if (!options.record.empty()) {
        if (is_sealing || !options.timestamp.url.empty()) {
            refuse("--record takes no items, request, conditions, time-stamp or output");
        }
        return;
    }
    const bool is_part = options.disclosure.is_any();
    if (is_part && selections > 0) {
        refuse("--from takes --only in place of --item, --all and --new");
    }
    require_consistent(options.disclosure);
    if (selections > 1) refuse("more than one of --item, --all and --new (expected one)");
    if (selections == 0 && !is_part) refuse("what to seal? (expected one of --item, --all, --new)");
    if (options.output.empty()) refuse("where to? (expected -o FILE, or -o - for a pipe)");
    if (options.output == "-" && options.common.json) {
        refuse("standard output cannot be both package and document (expected -o FILE)");
    }
}

// "use-limit=only for the proceeding named in the request"
Json condition_of(const std::string& text) {
    const std::size_t equals = text.find('=');
    const std::string kind = text.substr(0, equals);
    const auto is_kind_character = [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; };
    if (equals == std::string::npos || equals + 1 == text.size() || kind.empty() ||
        !std::all_of(kind.begin(), kind.end(), is_kind_character)) {
        refuse("not a condition: " + text + " (expected KIND=TEXT, the kind in lower case)");
    }
    if (!is_valid_utf8(text)) refuse("not a condition: " + text + " (expected UTF-8)");
    return Json::object({{"kind", kind}, {"text", text.substr(equals + 1)}});
}

Json read_request(const std::string& path) {
    const Json request = parse_relaxed(read_small_file(path, json_max_document_bytes), path);
    if (request.is_object()) return request;
    throw Error(ErrorKind::malformed, "not a request: " + path + " (expected a JSON object)");
}

std::vector<Certificate> chain_of(const SigningIdentity& identity) {
    std::vector<Certificate> chain = issuing_path(identity.certificate, identity.chain);
    chain.insert(chain.begin(), identity.certificate);
    return chain;
}

// What a seal and a disclosure have in common.
void fill_terms(PackageTerms& request, const Options& options, const SigningIdentity& identity,
                std::vector<SigningIdentity> cosigners, TimestampClient& client) {
    client.set_hint("--timestamp later seals now");
    request.revocation_lists = client.lists().of_issuers(chain_of(identity));
    for (const SigningIdentity& cosigner : cosigners) {
        const auto lists = client.lists().of_issuers(chain_of(cosigner));
        request.revocation_lists.insert(request.revocation_lists.end(), lists.begin(), lists.end());
    }
    request.cosigners = std::move(cosigners);
    request.authority = &client.authority();
    request.signature_time_stamps = options.timestamp.cades_t;
    if (options.timestamp.is_later()) {
        request.timestamp = TimestampPolicy::later;
    } else if (!options.timestamp.url.empty()) {
        request.timestamp = TimestampPolicy::included;
    }
    for (const std::string& text : options.conditions) {
        request.conditions.push_back(condition_of(text));
    }
    if (!options.request.empty()) request.request = read_request(options.request);
    request.tool_name = tool;
    request.tool_version = tool_version();
}

SealRequest seal_request(const Options& options) {
    SealRequest request;
    request.items = options.items;
    if (!options.items.empty()) request.selection = ItemSelection::named;
    if (options.only_new) request.selection = ItemSelection::all_not_yet_sealed;
    return request;
}

SigningIdentity sealing_identity(const Options& options) {
    std::optional<SigningIdentity> identity = load_identity(options.actor);
    if (!identity) {
        throw Error(ErrorKind::usage, "no key to seal with (expected --key and --cert)",
                    "evidence-custody identity makes a key and a certificate");
    }
    require_sealing_identity(*identity);
    return std::move(*identity);
}

const char* event_type(const Options& options) {
    return options.disclosure.is_any() ? "disclose" : "seal";
}

std::vector<std::uint64_t> record_any(const Options& options, CaseFolder& case_folder,
                                      const SealedPackage& package, const EventAuthor& author,
                                      const Context& context) {
    const char* type = package.disclosure ? "disclose" : "seal";
    const EventDraft draft = draft_of(options.actor, type);
    return package.disclosure ? record_disclosure(case_folder, package, draft, author, context)
                              : record_seal(case_folder, package, draft, author, context);
}

// Appends the `seal` or `disclose` events. The package is finished whatever happens here, and the
// error says so.
std::vector<std::uint64_t> record(const Options& options, CaseFolder& case_folder,
                                  const SealedPackage& package, const EventAuthor& author,
                                  const Context& context) try {
    return record_any(options, case_folder, package, author, context);
} catch (const Error& error) {
    throw Error(error.kind(), "the package is finished, but not recorded: " + error.message(),
                "repair it with evidence-seal --record PACKAGE --case DIR");
}

// What was done, for people: on standard error when standard output carries the package.
void print_result(const Options& options, const SealedPackage& package, std::string_view what) {
    if (options.common.quiet) return;
    const std::string& path = options.record.empty() ? options.output : options.record;
    const std::string text = fmt::format(
        "{} {}: items {}, records {}, bytes {}\n"
        "package          {}\n"
        "manifest_sha256  {}\n"
        "file_sha256      {}\n",
        what, path == "-" ? "standard output" : printable(path), package.items.size(),
        package.records, package.size_bytes, package.id, package.manifest_sha256,
        package.file_sha256);
    const std::string disclosed = package.disclosure ? disclosure_text(package) : "";
    const std::string time_stamp =
        package.time_stamp
            ? fmt::format("time_stamp       {}  {}\n", format_utc(package.time_stamp->time),
                          printable(package.time_stamp->tsa.subject()))
            : "";
    std::string cosigners;
    for (const std::string& fingerprint : package.cosigned_by) {
        cosigners += fmt::format("cosigned_by      {}\n", fingerprint);
    }
    if (options.output == "-") {
        say("{}", text + disclosed + cosigners + time_stamp);
    } else {
        fmt::print("{}", text + disclosed + cosigners + time_stamp);
    }
}

void print_document(const Options& options, const SealedPackage& package,
                    const std::vector<std::uint64_t>& events) {
    Json items = Json::array();
    for (const std::string& item : package.items) items.push_back(item);
    Json numbers = Json::array();
    for (const std::uint64_t number : events) numbers.push_back(number);
    Json document = Json::object({
        {"created_at", format_utc(package.created_at)},
        {"events", std::move(numbers)},
        {"file_sha256", package.file_sha256},
        {"format", "evidence-seal-result/1"},
        {"items", std::move(items)},
        {"manifest_sha256", package.manifest_sha256},
        {"objects", package.objects},
        {"package", package.id},
        {"path", printable(options.record.empty() ? options.output : options.record)},
        {"records", package.records},
        {"size_bytes", package.size_bytes},
    });
    if (!package.cosigned_by.empty()) {
        Json cosigners = Json::array();
        for (const std::string& fingerprint : package.cosigned_by) cosigners.push_back(fingerprint);
        document.set("cosigned_by", std::move(cosigners));
    }
    if (package.time_stamp) {
        document.set("time_stamp", Json::object({
                                       {"time", format_utc(package.time_stamp->time)},
                                       {"tsa", printable(package.time_stamp->tsa.subject())},
                                   }));
    }
    if (package.disclosure) add_disclosure_members(document, package);
    cli::print_document(document);
}

// What is written, and how; `output` takes the bytes.
SealedPackage write_package(const Options& options, CaseFolder& case_folder,
                            const SigningIdentity& identity, std::vector<SigningIdentity> cosigners,
                            const EventAuthor& author, const std::function<void(ByteView)>& output,
                            const Context& context) {
    TimestampClient client(options.timestamp, options.revocation);
    if (!options.disclosure.is_any()) {
        SealRequest request = seal_request(options);
        fill_terms(request, options, identity, std::move(cosigners), client);
        return seal(case_folder, request, identity, author, output, context);
    }
    DiscloseRequest request = disclosure_request(options.disclosure, options.actor);
    fill_terms(request, options, identity, std::move(cosigners), client);
    const OriginPackage origin(options.disclosure.from);
    const SealedPackage package =
        disclose(case_folder, origin, request, identity, author, output, context);
    if (!options.common.quiet) {
        warn_of_told_digests(options.disclosure);
        say("of {}, signatures, records and what is given were checked; the rest was not read "
            "again (evidence-verify does)\n",
            printable(options.disclosure.from));
    }
    return package;
}

SealedPackage seal_to_file(const Options& options, CaseFolder& case_folder,
                           const SigningIdentity& identity, std::vector<SigningIdentity> cosigners,
                           const EventAuthor& author, const Context& context) {
    PackageFile file(options.output);
    const SealedPackage package = write_package(
        options, case_folder, identity, std::move(cosigners), author,
        [&file](ByteView bytes) { file.write(bytes); }, context);
    file.commit();
    return package;
}

SealedPackage seal_to_stream(const Options& options, CaseFolder& case_folder,
                             const SigningIdentity& identity,
                             std::vector<SigningIdentity> cosigners, const EventAuthor& author,
                             const Context& context) {
    File stream = File::adopt(::dup(STDOUT_FILENO), "standard output");
    const SealedPackage package = write_package(
        options, case_folder, identity, std::move(cosigners), author,
        [&stream](ByteView bytes) { stream.write(bytes); }, context);
    stream.close();
    return package;
}

ExitCode seal_items(const Options& options, const Context& context) {
    const bool to_stream = options.output == "-";
    if (to_stream) require_not_a_terminal(STDOUT_FILENO, "a package");
    const SigningIdentity identity = sealing_identity(options);
    std::vector<SigningIdentity> cosigners = load_cosigners(options.actor);
    require_cosigners(identity, cosigners, context.clock.now());
    CaseFolder case_folder = open_case(options.in_case);
    const EventAuthor author = author_of(options.actor, &identity, case_folder.details());
    check_draft(draft_of(options.actor, event_type(options)), author, context.clock.now());
    const SealedPackage package =
        to_stream
            ? seal_to_stream(options, case_folder, identity, std::move(cosigners), author, context)
            : seal_to_file(options, case_folder, identity, std::move(cosigners), author, context);
    const std::vector<std::uint64_t> events =
        record(options, case_folder, package, author, context);
    if (options.common.json) {
        print_document(options, package, events);
    } else {
        print_result(options, package, package.disclosure ? "disclosed into" : "sealed into");
    }
    return ExitCode::done;
}

// Crash repair: the package was finished, its event was not written.
ExitCode record_finished(const Options& options, const Context& context) {
    const std::optional<SigningIdentity> identity = load_identity(options.actor);
    CaseFolder case_folder = open_case(options.in_case);
    const EventAuthor author =
        author_of(options.actor, identity ? &*identity : nullptr, case_folder.details());
    check_draft(draft_of(options.actor, "seal"), author, context.clock.now());
    const SealedPackage package = describe_package(case_folder, options.record, context);
    const std::vector<std::uint64_t> events =
        record_any(options, case_folder, package, author, context);
    if (options.common.json) {
        print_document(options, package, events);
    } else {
        print_result(options, package, events.empty() ? "already recorded:" : "recorded:");
    }
    return ExitCode::done;
}

ExitCode run(const Options& options) {
    require_consistent(options);
    const Environment environment(options.common);
    const Context& context = environment.context();
    if (!options.timestamp.query.empty()) {
        write_timestamp_queries(options.timestamp, options.common.quiet, context);
        return ExitCode::done;
    }
    if (!options.timestamp.attach.empty()) {
        attach_timestamps(options.timestamp, options.revocation, options.in_case, options.actor,
                          options.common.quiet, context);
        return ExitCode::done;
    }
    if (!options.renewal.package.empty()) {
        renew(options.renewal,
              {options.timestamp, options.revocation, options.in_case, options.actor,
               options.common.quiet},
              context);
        return ExitCode::done;
    }
    return options.record.empty() ? seal_items(options, context)
                                  : record_finished(options, context);
}

}  // namespace
}  // namespace evidence::cli

int main(int argc, char** argv) {
    using namespace evidence::cli;
    Options options;
    return run_tool(
        argc, argv, tool, "Seals items of a case into one signed package.", options.common,
        [&options](CLI::App& app) { setup(app, options); }, [&options] { return run(options); });
}
