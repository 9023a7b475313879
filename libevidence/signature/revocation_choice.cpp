#include <algorithm>

#include "base/error.h"
#include "signature/cms_signature.h"
#include "signature/trust.h"

namespace evidence {
namespace {

[[noreturn]] void refuse(const std::string& message, const std::string& hint = {}) {
    throw Error(ErrorKind::crypto, message, hint);
}

std::string name_of(const RevocationList& list) { return "revocation list of " + list.issuer(); }

void require_in_force(const RevocationList& list, UtcTime now) {
    if (list.this_update() > now) {
        refuse(name_of(list) + " lies in the future: issued " + format_utc(list.this_update()));
    }
    const auto until = list.next_update();
    if (until && *until < now) {
        refuse(name_of(list) + " is out of date: a newer one was due " + format_utc(*until),
               "get the newest list, or leave it out");
    }
}

// The newest list of an issuer, nullptr when there is none.
const RevocationList* newest_of(const std::vector<RevocationList>& lists,
                                const Certificate& issuer) {
    const RevocationList* newest = nullptr;
    for (const RevocationList& list : lists) {
        if (!list.is_named_after(issuer)) continue;
        if (!newest || newest->this_update() < list.this_update()) newest = &list;
    }
    return newest;
}

void require_silent(const SigningIdentity& identity, const std::vector<Certificate>& path,
                    const std::vector<RevocationList>& lists, UtcTime now) {
    TrustStore trust;
    trust.add_anchor(path.back());
    for (const RevocationList& list : lists) trust.add_revocation_list(list);
    const Findings findings =
        trust.check(identity.certificate, path, now, TrustStore::Usage::any, "");
    for (const Finding& finding : findings.all()) {
        if (finding.code != "certificate.revoked" && finding.code != "certificate.issuer-revoked" &&
            finding.code != "certificate.bad-revocation-list") {
            continue;
        }
        refuse("cannot sign with certificate: " + identity.certificate.subject() + " (" +
               finding.message + ")");
    }
}

}  // namespace

std::vector<RevocationList> revocation_lists_for(const SigningIdentity& identity,
                                                 const std::vector<RevocationList>& lists,
                                                 UtcTime now) {
    const std::vector<Certificate> path = issuing_path(identity.certificate, identity.chain);
    std::vector<RevocationList> chosen;
    for (const Certificate& issuer : path) {
        const RevocationList* list = newest_of(lists, issuer);
        if (!list) continue;
        if (!list->is_signed_by(issuer)) {
            refuse(name_of(*list) + " does not hold: the key of that issuer did not sign it");
        }
        require_in_force(*list, now);
        chosen.push_back(*list);
    }
    if (chosen.empty()) {
        refuse("no revocation list of an issuer of the signer: " + identity.certificate.subject(),
               "its issuers are those of --chain, up to the one whose list is given");
    }
    require_silent(identity, path, chosen, now);
    return chosen;
}

}  // namespace evidence
