// evidence-seal --renew: an archive time-stamp over all that stands in a finished package.
#pragma once

#include "seal_timestamps.h"

namespace evidence::cli {

struct RenewalOptions {
    std::string package;
    std::string digest;  // sha256, sha384 or sha512; empty: sha256
    std::string query;   // folder to write the query to, instead of asking an authority
    std::string reply;   // file with the answer to it
};
void add_renewal_options(CLI::App& app, RenewalOptions& options);

// Error(usage) when they do not go together.
void require_consistent(const RenewalOptions& options, const TimestampOptions& timestamp,
                        const RevocationOptions& revocation);

// What the package is renewed with, beside its own options.
struct RenewalNeeds {
    const TimestampOptions& timestamp;
    const RevocationOptions& revocation;
    const CaseOptions& in_case;
    const ActorOptions& actor;
    bool quiet;
};
void renew(const RenewalOptions& options, const RenewalNeeds& needs, const Context& context);

}  // namespace evidence::cli
