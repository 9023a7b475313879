// A time-stamping authority as the tools ask it: over HTTP(S), believed when it leads to an anchor.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "base/context.h"
#include "cli/revocation_source.h"
#include "signature/timestamp_authority.h"

namespace evidence::cli {

struct AuthorityOptions {
    std::string url;
    std::string policy;
    long timeout_seconds = 30;
    std::vector<std::string> anchors;
};
// --timestamp URL, described by `what`, --timestamp-policy and --timestamp-timeout.
void add_authority_options(CLI::App& app, AuthorityOptions& options, const std::string& what,
                           const std::string& type_name = "URL");
// --tsa-anchor
void add_authority_anchors(CLI::App& app, AuthorityOptions& options);

// Anchors of authorities, and the authority to ask over HTTP.
class TimestampClient {
public:
    // Error(usage) for a policy or URL that is none comes with the first question.
    explicit TimestampClient(const AuthorityOptions& options, const RevocationOptions& lists = {});
    TimestampClient(const TimestampClient&) = delete;
    TimestampClient& operator=(const TimestampClient&) = delete;

    const TimestampAuthority& authority() const { return authority_; }
    // nullptr when no URL was given.
    const TimestampAuthority* authority_if_any() const {
        return authority_.name.empty() ? nullptr : &authority_;
    }
    // Asks once about nothing in particular, if there is a URL: whatever is wrong with the
    // authority is better found before the work.
    void try_out(RandomSource& random) const;
    // What somebody can do instead when the authority does not answer.
    void set_hint(const std::string& hint) { hint_ = hint; }
    // Over digests by that algorithm from now on; SHA-256 otherwise.
    void set_algorithm(Algorithm algorithm) { authority_.algorithm = algorithm; }
    const TrustStore* authorities() const { return authority_.authorities; }
    RevocationSource& lists() { return lists_; }

private:
    RevocationSource lists_;
    TrustStore anchors_;
    TimestampAuthority authority_;
    std::string hint_;
};

}  // namespace evidence::cli
