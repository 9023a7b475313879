// What evidence-seal has to do with time-stamps: asking an authority while sealing, and the two
// commands of the air gap.
#pragma once

#include "base/context.h"
#include "cli/case_options.h"
#include "cli/timestamp_client.h"

namespace evidence::cli {

struct TimestampOptions : AuthorityOptions {  // the URL may be "later"
    bool cades_t = false;
    std::vector<std::string> query;   // PACKAGE DIR
    std::vector<std::string> attach;  // PACKAGE REPLY...

    bool is_later() const { return url == "later"; }
    bool is_command() const { return !query.empty() || !attach.empty(); }
};
void add_timestamp_options(CLI::App& app, TimestampOptions& options);
// Error(usage) when they do not go together.
void require_consistent(const TimestampOptions& options);

// The token in a file with the reply of an authority.
Bytes read_timestamp_reply(const std::string& path);

// --timestamp-query and --attach-timestamp.
void write_timestamp_queries(const TimestampOptions& options, bool quiet, const Context& context);
void attach_timestamps(const TimestampOptions& options, const RevocationOptions& revocation,
                       const CaseOptions& in_case, const ActorOptions& actor, bool quiet,
                       const Context& context);

}  // namespace evidence::cli
