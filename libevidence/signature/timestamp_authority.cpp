#include "signature/timestamp_authority.h"

#include "base/error.h"
#include "signature/timestamp_reply.h"

namespace evidence {
namespace {

bool is_only_untrusted(const TimestampProblem& problem) {
    return problem.fault == TimestampFault::no_chain;
}

}  // namespace

Timestamp require_timestamp(Bytes token, ByteView content, const TrustStore* authorities,
                            std::string_view from) {
    static const TrustStore nobody;
    const TimestampCheck check =
        check_timestamp(token, content, authorities ? *authorities : nobody);
    std::string reasons;
    for (const TimestampProblem& problem : check.problems) {
        if (!authorities && is_only_untrusted(problem)) continue;
        reasons += (reasons.empty() ? "" : "; ") + problem.message;
    }
    if (!reasons.empty() || !check.facts) {
        throw Error(ErrorKind::refused,
                    "the time-stamp from " + std::string(from) + " would not hold: " + reasons);
    }
    return {std::move(token), *check.facts};
}

Timestamp request_timestamp(const TimestampAuthority& service, ByteView content,
                            RandomSource& random) {
    const TimestampQuery query =
        make_timestamp_query(content, service.algorithm, service.policy, random);
    const Bytes reply = service.exchange(encode_timestamp_query(query));
    Timestamp stamp = require_timestamp(take_timestamp_token(reply, query, service.name), content,
                                        service.authorities, service.name);
    if (!service.lists) return stamp;
    Bytes token = with_revocation_lists(stamp.token, service.lists(authority_chain(stamp.token)));
    return require_timestamp(std::move(token), content, service.authorities, service.name);
}

}  // namespace evidence
