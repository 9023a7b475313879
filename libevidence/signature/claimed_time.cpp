#include "signature/claimed_time.h"

namespace evidence {

Findings check_signer_at_claimed_time(const TrustStore& trust, const DetachedSignature& signature,
                                      UtcTime now, std::string_view where) {
    const auto check_at = [&](UtcTime time) {
        return trust.check(*signature.signer, signature.intermediates, time,
                           TrustStore::Usage::signing, where);
    };
    Findings at_present = check_at(now);
    if (!at_present.has("certificate.expired") || !signature.signing_time) return at_present;
    Findings then = check_at(*signature.signing_time);
    if (then.has_failure()) return then;
    then.add("certificate.expired", Layer::identity, Weight::indeterminate,
             "the certificate has expired since the claimed time of signing, and no trusted time "
             "proves that the signature is older",
             std::string(where));
    return then;
}

Findings check_signer_at_proven_time(const TrustStore& trust, const DetachedSignature& signature,
                                     UtcTime proven, std::string_view where) {
    return trust.check(*signature.signer, signature.intermediates, proven,
                       TrustStore::Usage::signing, where);
}

}  // namespace evidence
