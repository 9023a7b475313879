#include "seal_timestamps.h"

#include <fmt/format.h>

#include <optional>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/printable.h"
#include "cli/http_post.h"
#include "custody/event_writer.h"
#include "digest/digest.h"
#include "digest/file_digest.h"
#include "package/documents.h"
#include "package/package_layout.h"
#include "package/package_tail.h"
#include "package/timestamp_attachment.h"
#include "package/zip_reader.h"
#include "signature/timestamp_reply.h"

namespace evidence::cli {
namespace {

constexpr std::size_t manifest_max_bytes = 64 * mib;

// "META-INF/timestamp003.tst" is asked for by "timestamp003.tsq".
std::string query_name(const std::string& token_name) {
    return fs::path(token_name).stem().native() + ".tsq";
}

Bytes read_reply(const std::string& path) {
    const std::string reply = read_small_file(path, timestamp_reply_max_bytes);
    return take_timestamp_token(as_bytes(reply), printable(path));
}

std::string entry_of(const File& package, std::string_view name, std::size_t max_bytes) {
    Findings findings;
    const ZipStructure zip = read_zip_structure(package, findings);
    const ZipEntry* entry = zip.find(name);
    if (entry) return read_entry(package, *entry, max_bytes);
    throw Error(ErrorKind::malformed,
                "not a package: " + package.name() + " (expected " + std::string(name) + " in it)");
}

// The `renew` event of a package. Whatever could prevent it is found before the package changes.
class Renewal {
public:
    Renewal(const fs::path& package, const CaseOptions& in_case, const ActorOptions& actor,
            const Context& context)
        : package_(package),
          context_(context),
          case_folder_(open_case(in_case)),
          identity_(load_identity(actor)),
          author_(author_of(actor, identity_ ? &*identity_ : nullptr, case_folder_.details())),
          draft_(draft_of(actor, "renew")) {
        check_draft(draft_, author_, context_.clock.now());
        const PackageDocument document = parse_package_document(
            entry_of(File::open_read(package), "package.json", json_max_document_bytes),
            "package.json");
        if (document.ledger_id != case_folder_.ledger().id()) {
            throw Error(ErrorKind::refused, "not a package of this case: " + package.native());
        }
        package_id_ = document.id;
    }
    Renewal(const Renewal&) = delete;
    Renewal& operator=(const Renewal&) = delete;

    void record() try {
        const File file = File::open_read(package_);
        draft_.detail = Json::object(
            {{"file_sha256", sha256_of_file(file, context_)},
             {"manifest_sha256", sha256_hex(entry_of(file, manifest_001, manifest_max_bytes))},
             {"package", package_id_}});
        case_folder_.ledger().append(draft_, author_, context_);
    } catch (const Error& error) {
        throw Error(error.kind(),
                    "the time-stamps are attached, but that is not recorded: " + error.message(),
                    error.hint());
    }

private:
    const fs::path package_;
    const Context& context_;
    CaseFolder case_folder_;
    const std::optional<SigningIdentity> identity_;
    const EventAuthor author_;
    EventDraft draft_;
    std::string package_id_;
};

}  // namespace

void add_timestamp_options(CLI::App& app, TimestampOptions& options) {
    app.add_option("--timestamp", options.from,
                   "Authority to ask for time-stamps; later leaves room for them")
        ->type_name("URL|later");
    app.add_flag("--cades-t", options.cades_t,
                 "Also put a time-stamp into each signature file (CAdES level B-T)");
    app.add_option("--timestamp-policy", options.policy, "Policy to ask the authority for")
        ->type_name("OID");
    app.add_option("--timestamp-timeout", options.timeout_seconds,
                   "Seconds the authority may take for an answer (default: 30)")
        ->type_name("SECONDS")
        ->check(CLI::Range(1L, 3600L));
    app.add_option("--tsa-anchor", options.anchors,
                   "Refuse authorities that lead to none of these; may be repeated")
        ->type_name("FILE|DIR")
        ->allow_extra_args(false);
    app.add_option("--timestamp-query", options.query,
                   "Write the queries for a package that waits for time-stamps")
        ->type_name("PACKAGE DIR")
        ->expected(2);
    app.add_option("--attach-timestamp", options.attach,
                   "Put the time-stamps of these replies into a package that waits for them")
        ->type_name("PACKAGE REPLY...")
        ->expected(2, 3);
}

void require_consistent(const TimestampOptions& options) {
    const auto refuse = [](const std::string& message) {
        throw Error(ErrorKind::usage, message, "see evidence-seal --help");
    };
    if (!options.from.empty() && !options.is_later()) require_http_url(options.from);
    if (!options.query.empty() && !options.attach.empty()) {
        refuse("both --timestamp-query and --attach-timestamp (expected one)");
    }
    if (options.cades_t && (options.from.empty() || options.is_later())) {
        refuse("--cades-t without an authority (expected --timestamp URL)");
    }
    if (options.is_command() && !options.from.empty()) {
        refuse("--timestamp is for sealing (expected it alone)");
    }
}

TimestampClient::TimestampClient(const TimestampOptions& options) {
    for (const std::string& path : options.anchors) anchors_.add_anchors(path);
    if (!options.anchors.empty()) authority_.authorities = &anchors_;
    authority_.name = options.from;
    authority_.policy = options.policy;
    authority_.exchange = [post = HttpPost{options.from, "application/timestamp-query",
                                           "application/timestamp-reply", options.timeout_seconds,
                                           timestamp_reply_max_bytes}](ByteView query) {
        return http_post(post, query);
    };
}

void write_timestamp_queries(const TimestampOptions& options, bool quiet, const Context& context) {
    const fs::path package = options.query.at(0), folder = options.query.at(1);
    restore_tail(package);
    for (const PendingTimestamp& pending : pending_time_stamps(package)) {
        const TimestampQuery query = make_timestamp_query(
            as_bytes(pending.manifest), Algorithm::sha256, options.policy, context.random);
        const fs::path path = folder / query_name(pending.token_name);
        write_new_file(path, encode_timestamp_query(query));
        if (!quiet) fmt::print("{}\n", printable(path.native()));
    }
}

void attach_timestamps(const TimestampOptions& options, const CaseOptions& in_case,
                       const ActorOptions& actor, bool quiet, const Context& context) {
    const fs::path package = options.attach.at(0);
    const std::vector<std::string> names(options.attach.begin() + 1, options.attach.end());
    std::vector<Bytes> tokens;
    for (const std::string& name : names) tokens.push_back(read_reply(name));
    const TimestampClient client(options);
    restore_tail(package);
    std::optional<Renewal> renewal;
    if (!in_case.case_folder.empty()) renewal.emplace(package, in_case, actor, context);
    const TimestampFacts facts = attach_time_stamps(package, tokens, names, client.authorities());
    if (renewal) renewal->record();
    if (quiet) return;
    fmt::print("time-stamped {}: {} says {}\n", printable(package.native()), format_utc(facts.time),
               printable(facts.tsa.subject()));
}

}  // namespace evidence::cli
