#include "signature/claimed_time.h"

#include <algorithm>

namespace evidence {
namespace {

struct Doubt {
    std::string_view code;
    std::string_view message;
};
// What may have come after the signature: then the time in question is too late to judge it.
constexpr Doubt doubts[] = {
    {"certificate.expired",
     "the certificate has expired since the claimed time of signing, and no trusted time proves "
     "that the signature is older"},
    {"certificate.revoked",
     "the certificate was revoked after the claimed time of signing, and no trusted time proves "
     "that the signature is older"},
};

class SignerCheck {
public:
    SignerCheck(const TrustStore& trust, const DetachedSignature& signature, std::string_view where)
        : trust_(trust), signature_(signature), where_(where) {}

    Findings run(UtcTime at) const {
        Findings found = check_at(at);
        const auto is_doubtful = [&](const Doubt& doubt) { return found.has(doubt.code); };
        if (!signature_.signing_time ||
            std::none_of(std::begin(doubts), std::end(doubts), is_doubtful)) {
            return found;
        }
        const Findings claimed = check_at(*signature_.signing_time);
        Findings result;
        for (const Finding& finding : found.all()) result.add(weighed(finding, found, claimed));
        for (const Finding& finding : claimed.all()) {
            if (finding.weight == Weight::failed && !found.has(finding.code)) result.add(finding);
        }
        return result;
    }

private:
    Findings check_at(UtcTime time) const {
        return trust_.check(*signature_.signer, signature_.intermediates, time,
                            TrustStore::Usage::signing, where_, signature_.revocation_lists);
    }

    // What already stood against the signer at the time he names himself is his own word.
    static Finding weighed(Finding finding, const Findings& found, const Findings& claimed) {
        const auto* doubt =
            std::find_if(std::begin(doubts), std::end(doubts),
                         [&](const Doubt& one) { return one.code == finding.code; });
        if (doubt == std::end(doubts) || claimed.has(finding.code)) return finding;
        finding.weight = Weight::indeterminate;
        finding.message = std::string(doubt->message) + ": " + finding.message;
        if (finding.code == "certificate.expired" && found.has("certificate.not-revoked")) {
            finding.code = "certificate.expired-not-revoked";
        }
        return finding;
    }

    const TrustStore& trust_;
    const DetachedSignature& signature_;
    std::string_view where_;
};

}  // namespace

Findings check_signer_at_claimed_time(const TrustStore& trust, const DetachedSignature& signature,
                                      UtcTime now, std::string_view where) {
    return SignerCheck(trust, signature, where).run(now);
}

Findings check_signer_at_proven_time(const TrustStore& trust, const DetachedSignature& signature,
                                     UtcTime proven, std::string_view where) {
    return SignerCheck(trust, signature, where).run(proven);
}

}  // namespace evidence
