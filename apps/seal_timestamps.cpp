#include "seal_timestamps.h"

#include <fmt/format.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/printable.h"
#include "cli/http.h"
#include "package/package_tail.h"
#include "package/timestamp_attachment.h"
#include "seal_renew_event.h"
#include "signature/timestamp_reply.h"

namespace evidence::cli {
namespace {

// "META-INF/timestamp003.tst" is asked for by "timestamp003.tsq".
std::string query_name(const std::string& token_name) {
    return fs::path(token_name).stem().native() + ".tsq";
}

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

Bytes read_timestamp_reply(const std::string& path) {
    const std::string reply = read_small_file(path, timestamp_reply_max_bytes);
    return take_timestamp_token(as_bytes(reply), printable(path));
}

TimestampClient::TimestampClient(const TimestampOptions& options, const RevocationOptions& lists)
    : lists_(lists, options.timeout_seconds) {
    for (const std::string& path : options.anchors) anchors_.add_anchors(path);
    if (!options.anchors.empty()) authority_.authorities = &anchors_;
    authority_.name = options.from;
    authority_.policy = options.policy;
    authority_.exchange =
        [post = HttpPost{{options.from, options.timeout_seconds, timestamp_reply_max_bytes},
                         "application/timestamp-query",
                         "application/timestamp-reply"}](ByteView query) {
            return http_post(post, query);
        };
    if (lists_.is_wanted()) {
        authority_.lists = [this](const std::vector<Certificate>& chain) {
            return lists_.of_issuers(chain);
        };
    }
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

void attach_timestamps(const TimestampOptions& options, const RevocationOptions& revocation,
                       const CaseOptions& in_case, const ActorOptions& actor, bool quiet,
                       const Context& context) {
    const fs::path package = options.attach.at(0);
    const std::vector<std::string> names(options.attach.begin() + 1, options.attach.end());
    std::vector<Bytes> tokens;
    for (const std::string& name : names) tokens.push_back(read_timestamp_reply(name));
    TimestampClient client(options, revocation);
    for (Bytes& token : tokens) {
        token = with_revocation_lists(token, client.lists().of_issuers(authority_chain(token)));
    }
    restore_tail(package);
    const auto event = RenewEvent::prepare(package, in_case, actor, context);
    const TimestampFacts facts = attach_time_stamps(package, tokens, names, client.authorities());
    if (event) event->record();
    if (quiet) return;
    fmt::print("time-stamped {}: {} says {}\n", printable(package.native()), format_utc(facts.time),
               printable(facts.tsa.subject()));
}

}  // namespace evidence::cli
