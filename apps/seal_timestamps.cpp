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
    add_authority_options(
        app, options, "Authority to ask for time-stamps; later leaves room for them", "URL|later");
    app.add_flag("--cades-t", options.cades_t,
                 "Also put a time-stamp into each signature file (CAdES level B-T)");
    add_authority_anchors(app, options);
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
    if (!options.url.empty() && !options.is_later()) require_http_url(options.url);
    if (!options.query.empty() && !options.attach.empty()) {
        refuse("both --timestamp-query and --attach-timestamp (expected one)");
    }
    if (options.cades_t && (options.url.empty() || options.is_later())) {
        refuse("--cades-t without an authority (expected --timestamp URL)");
    }
    if (options.is_command() && !options.url.empty()) {
        refuse("--timestamp is for sealing (expected it alone)");
    }
}

Bytes read_timestamp_reply(const std::string& path) {
    const std::string reply = read_small_file(path, timestamp_reply_max_bytes);
    return take_timestamp_token(as_bytes(reply), printable(path));
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
