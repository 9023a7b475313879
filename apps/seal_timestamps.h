// What evidence-seal has to do with time-stamps: asking an authority while sealing, and the two
// commands of the air gap.
#pragma once

#include "base/context.h"
#include "cli/case_options.h"
#include "cli/revocation_source.h"
#include "signature/timestamp_authority.h"

namespace evidence::cli {

struct TimestampOptions {
    std::string from;  // a URL, or "later"
    std::string policy;
    long timeout_seconds = 30;
    bool cades_t = false;
    std::vector<std::string> anchors;
    std::vector<std::string> query;   // PACKAGE DIR
    std::vector<std::string> attach;  // PACKAGE REPLY...

    bool is_later() const { return from == "later"; }
    bool is_command() const { return !query.empty() || !attach.empty(); }
};
void add_timestamp_options(CLI::App& app, TimestampOptions& options);
// Error(usage) when they do not go together.
void require_consistent(const TimestampOptions& options);

// Anchors of authorities, and the authority to ask over HTTP.
class TimestampClient {
public:
    TimestampClient(const TimestampOptions& options, const RevocationOptions& lists);
    TimestampClient(const TimestampClient&) = delete;
    TimestampClient& operator=(const TimestampClient&) = delete;

    const TimestampAuthority& authority() const { return authority_; }
    // Over digests by that algorithm from now on; SHA-256 otherwise.
    void set_algorithm(Algorithm algorithm) { authority_.algorithm = algorithm; }
    const TrustStore* authorities() const { return authority_.authorities; }
    RevocationSource& lists() { return lists_; }

private:
    RevocationSource lists_;
    TrustStore anchors_;
    TimestampAuthority authority_;
};

// The token in a file with the reply of an authority.
Bytes read_timestamp_reply(const std::string& path);

// --timestamp-query and --attach-timestamp.
void write_timestamp_queries(const TimestampOptions& options, bool quiet, const Context& context);
void attach_timestamps(const TimestampOptions& options, const RevocationOptions& revocation,
                       const CaseOptions& in_case, const ActorOptions& actor, bool quiet,
                       const Context& context);

}  // namespace evidence::cli
