// Path validation (RFC 5280 section 6) by OpenSSL, every objection turned into a finding.
// Private to TrustStore, whose header lists the codes.
#pragma once

#include "base/finding.h"
#include "signature/openssl_handles.h"
#include "signature/revocation_list.h"

namespace evidence {

inline constexpr int path_max_depth = 8;                   // certificates between leaf and anchor
inline constexpr std::size_t path_max_intermediates = 16;  // of those given, the first ones

struct PathQuestion {
    const Certificate& certificate;
    const std::vector<Certificate>& intermediates;
    const std::vector<Certificate>& anchors;
    const std::vector<RevocationList>& lists;         // one that does not hold is said
    const std::vector<RevocationList>& lists_inside;  // one that does not hold is passed over
    UtcTime at;
    std::string_view where;
};

void validate_path(const PathQuestion& question, Findings& findings);

}  // namespace evidence
