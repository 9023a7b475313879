#include "cli/timestamp_client.h"

#include "base/error.h"
#include "cli/http.h"
#include "signature/timestamp_reply.h"

namespace evidence::cli {

void add_authority_options(CLI::App& app, AuthorityOptions& options, const std::string& what,
                           const std::string& type_name) {
    app.add_option("--timestamp", options.url, what)->type_name(type_name);
    app.add_option("--timestamp-policy", options.policy, "Policy to ask the authority for")
        ->type_name("OID");
    app.add_option("--timestamp-timeout", options.timeout_seconds,
                   "Seconds the authority may take for an answer (default: 30)")
        ->type_name("SECONDS")
        ->check(CLI::Range(1L, 3600L));
}

void add_authority_anchors(CLI::App& app, AuthorityOptions& options) {
    app.add_option("--tsa-anchor", options.anchors,
                   "Refuse authorities that lead to none of these; may be repeated")
        ->type_name("FILE|DIR")
        ->allow_extra_args(false);
}

TimestampClient::TimestampClient(const AuthorityOptions& options, const RevocationOptions& lists)
    : lists_(lists, options.timeout_seconds) {
    for (const std::string& path : options.anchors) anchors_.add_anchors(path);
    if (!options.anchors.empty()) authority_.authorities = &anchors_;
    authority_.name = options.url;
    authority_.policy = options.policy;
    authority_.exchange =
        [this, post = HttpPost{{options.url, options.timeout_seconds, timestamp_reply_max_bytes},
                               "application/timestamp-query",
                               "application/timestamp-reply"}](ByteView query) {
            try {
                return http_post(post, query);
            } catch (const Error& error) {
                if (hint_.empty() || error.kind() != ErrorKind::io) throw;
                throw Error(error.kind(), error.message(), hint_);
            }
        };
    if (lists_.is_wanted()) {
        authority_.lists = [this](const std::vector<Certificate>& chain) {
            return lists_.of_issuers(chain);
        };
    }
}

void TimestampClient::try_out(RandomSource& random) const {
    if (authority_if_any()) request_timestamp(authority_, as_bytes("evidence"), random);
}

}  // namespace evidence::cli
