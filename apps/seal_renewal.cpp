#include "seal_renewal.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/printable.h"
#include "cli/tool.h"
#include "package/archive_renewal.h"
#include "package/package_tail.h"
#include "seal_renew_event.h"
#include "signature/timestamp_reply.h"

namespace evidence::cli {
namespace {

[[noreturn]] void refuse(const std::string& message) {
    throw Error(ErrorKind::usage, message, "see evidence-seal --help");
}

Algorithm algorithm_of(const RenewalOptions& options) {
    if (options.digest.empty() || options.digest == "sha256") return Algorithm::sha256;
    return options.digest == "sha384" ? Algorithm::sha384 : Algorithm::sha512;
}

// Too late is better than never, but nobody should take it for in time.
void warn_when_late(const TimestampFacts& newest, UtcTime now) {
    if (now <= newest.tsa.not_after()) return;
    print_warning("evidence-seal", "the certificate of the newest time-stamp's authority expired " +
                                       format_utc(newest.tsa.not_after()) +
                                       ": a renewal after that does not give its force back");
}

void write_query(const RenewalOptions& options, const RenewalNeeds& needs,
                 const PendingTimestamp& pending, const Context& context) {
    const TimestampQuery query = make_timestamp_query(
        as_bytes(pending.manifest), algorithm_of(options), needs.timestamp.policy, context.random);
    const fs::path path =
        fs::path(options.query) / (fs::path(pending.token_name).stem().native() + ".tsq");
    write_new_file(path, encode_timestamp_query(query));
    if (!needs.quiet) fmt::print("{}\n", printable(path.native()));
}

Bytes token_for(const RenewalOptions& options, TimestampClient& client,
                const PendingTimestamp& pending, const Context& context) {
    if (options.reply.empty()) {
        return request_timestamp(client.authority(), as_bytes(pending.manifest), context.random)
            .token;
    }
    const Bytes token = read_timestamp_reply(options.reply);
    if (!client.lists().is_wanted()) return token;
    return with_revocation_lists(token, client.lists().of_issuers(authority_chain(token)));
}

// A reply from over the air gap does not say which algorithm its query was made with.
TimestampFacts attach(const RenewalOptions& options, const PendingArchive& pending,
                      const Bytes& token, const TrustStore* authorities, const std::string& from) {
    try {
        return attach_archive_time_stamp(options.package, pending, token, authorities, from);
    } catch (const Error& error) {
        if (options.reply.empty() || error.kind() != ErrorKind::refused) throw;
        const TimestampCheck check =
            check_timestamp(token, as_bytes(pending.time_stamp.manifest), TrustStore());
        const bool is_for_other_data = std::any_of(
            check.problems.begin(), check.problems.end(),
            [](const auto& problem) { return problem.fault == TimestampFault::wrong_content; });
        if (!is_for_other_data) throw;
        throw Error(error.kind(), error.message(), "give the same --digest as with --query");
    }
}

}  // namespace

void add_renewal_options(CLI::App& app, RenewalOptions& options) {
    app.add_option("--renew", options.package,
                   "Put an archive time-stamp over all of a finished package behind it")
        ->type_name("PACKAGE");
    app.add_option("--digest", options.digest,
                   "Algorithm of that time-stamp: sha256 (default), sha384 or sha512")
        ->type_name("NAME")
        ->check(CLI::IsMember({"sha256", "sha384", "sha512"}));
    app.add_option("--query", options.query, "With --renew: write the query, ask nobody")
        ->type_name("DIR");
    app.add_option("--reply", options.reply, "With --renew: take the time-stamp of this reply")
        ->type_name("FILE");
}

void require_consistent(const RenewalOptions& options, const TimestampOptions& timestamp,
                        const RevocationOptions& revocation) {
    const bool is_renewal = !options.package.empty();
    if (!is_renewal) {
        if (!options.digest.empty() || !options.query.empty() || !options.reply.empty()) {
            refuse("--digest, --query and --reply are for --renew PACKAGE");
        }
        return;
    }
    if (timestamp.is_command()) refuse("--renew and another command (expected one)");
    const int sources = (timestamp.url.empty() || timestamp.is_later() ? 0 : 1) +
                        (options.query.empty() ? 0 : 1) + (options.reply.empty() ? 0 : 1);
    if (sources != 1) {
        refuse("whose time-stamp? (expected one of --timestamp URL, --query DIR, --reply FILE)");
    }
    if (timestamp.cades_t) refuse("--cades-t is for sealing");
    const bool with_lists = revocation.fetch || !revocation.paths.empty();
    if (with_lists && !options.query.empty()) {
        refuse("revocation lists go into a time-stamp (expected them with --reply)");
    }
}

void renew(const RenewalOptions& options, const RenewalNeeds& needs, const Context& context) {
    const fs::path package = options.package;
    restore_tail(package);
    const auto event = options.query.empty()
                           ? RenewEvent::prepare(package, needs.in_case, needs.actor, context)
                           : nullptr;
    TimestampClient client(needs.timestamp, needs.revocation);
    client.set_algorithm(algorithm_of(options));
    const PendingArchive pending =
        pending_archive_time_stamp(package, algorithm_of(options), context);
    warn_when_late(pending.newest, context.clock.now());
    if (!options.query.empty()) {
        write_query(options, needs, pending.time_stamp, context);
        return;
    }
    const std::string from = options.reply.empty() ? needs.timestamp.url : printable(options.reply);
    const TimestampFacts facts =
        attach(options, pending, token_for(options, client, pending.time_stamp, context),
               client.authorities(), from);
    if (event) event->record();
    if (needs.quiet) return;
    fmt::print("renewed {}: {} says {}\n", printable(package.native()), format_utc(facts.time),
               printable(facts.tsa.subject()));
}

}  // namespace evidence::cli
