#include "signature/signature_time.h"

#include "signature/claimed_time.h"

namespace evidence {

SignatureTime check_signature_time(ByteView token, ByteView signature_file,
                                   const DetachedSignature& signature,
                                   const TrustStore& authorities, UtcTime now,
                                   std::string_view where) {
    SignatureTime result;
    const TimestampCheck check = check_timestamp(token, signature_file, authorities, now);
    for (const TimestampProblem& problem : check.problems) {
        result.findings.add("timestamp." + std::string(name_of(problem.fault)), Layer::time,
                            weight_of(problem.fault), problem.message, std::string(where));
    }
    if (!check.is_trusted()) return result;
    const UtcTime time = check.facts->time;
    const auto inconsistent = [&](const std::string& message) {
        result.findings.add("time.inconsistent", Layer::time, Weight::failed,
                            message + ": " + format_utc(time), std::string(where));
        return std::move(result);
    };
    if (time.milliseconds > now.milliseconds + time_stamp_tolerance_ms) {
        return inconsistent("the time-stamp lies in the future");
    }
    if (signature.signing_time &&
        signature.signing_time->milliseconds > time.milliseconds + time_stamp_tolerance_ms) {
        return inconsistent("the time-stamp is older than the claimed time of signing");
    }
    result.proven = check.facts;
    result.findings.add("timestamp.valid", Layer::time, Weight::info, describe(*check.facts),
                        std::string(where));
    return result;
}

SignatureJudgement judge_signature(const DetachedSignature& signature, ByteView signature_file,
                                   ByteView token, const JudgedBy& by, std::string_view where,
                                   std::string_view token_where) {
    SignatureJudgement judgement;
    if (!token.empty()) {
        SignatureTime time = check_signature_time(token, signature_file, signature, by.authorities,
                                                  by.now, token_where);
        judgement.time = std::move(time.findings);
        judgement.proven = std::move(time.proven);
    }
    judgement.signer =
        judgement.proven
            ? check_signer_at_proven_time(by.trust, signature, judgement.proven->time, where)
            : check_signer_at_claimed_time(by.trust, signature, by.now, where);
    return judgement;
}

}  // namespace evidence
