#include "seal_timestamps.h"

#include <fmt/format.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/hex.h"
#include "base/printable.h"
#include "cli/http_post.h"
#include "custody/event_writer.h"
#include "digest/digest.h"
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

// What the ledger says of the package as it is now.
Json renewed_package(const fs::path& package, const Context& context) {
    const File file = File::open_read(package);
    Hasher hasher(Algorithm::sha256);
    Bytes buffer(mib);
    std::uint64_t offset = 0;
    while (const std::size_t got = file.read_at(buffer, offset)) {
        context.check_interrupted();
        hasher.update(ByteView(buffer).first(got));
        offset += got;
    }
    Findings findings;
    const ZipStructure zip = read_zip_structure(file, findings);
    const ZipEntry* manifest = zip.find(manifest_001);
    if (!manifest) throw Error(ErrorKind::malformed, "not a package: " + file.name());
    return Json::object(
        {{"file_sha256", to_hex(hasher.finish_sha256())},
         {"manifest_sha256", sha256_hex(read_entry(file, *manifest, manifest_max_bytes))}});
}

void record_renewal(const fs::path& package, const CaseOptions& in_case, const ActorOptions& actor,
                    const Context& context) try {
    const std::optional<SigningIdentity> identity = load_identity(actor);
    CaseFolder case_folder = open_case(in_case);
    const EventAuthor author =
        author_of(actor, identity ? &*identity : nullptr, case_folder.details());
    EventDraft draft = draft_of(actor, "renew");
    draft.detail = renewed_package(package, context);
    case_folder.ledger().append(draft, author, context);
} catch (const Error& error) {
    throw Error(error.kind(),
                "the time-stamps are attached, but that is not recorded: " + error.message(),
                error.hint());
}

}  // namespace

void add_timestamp_options(CLI::App& app, TimestampOptions& options) {
    app.add_option("--timestamp", options.from,
                   "Authority to ask for time-stamps; later leaves room for them")
        ->type_name("URL|later");
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
    const TimestampFacts facts = attach_time_stamps(package, tokens, names, client.authorities());
    if (!in_case.case_folder.empty()) record_renewal(package, in_case, actor, context);
    if (quiet) return;
    fmt::print("time-stamped {}: {} says {}\n", printable(package.native()), format_utc(facts.time),
               printable(facts.tsa.subject()));
}

}  // namespace evidence::cli
