// Trust anchors and revocation lists the user gave, and whether a certificate chains to one of them
// (RFC 5280 section 6) at a given time. Nothing is ever taken from the system's store. Without a
// revocation list of an issuer nothing is said about revocation by it. Every list that holds is
// asked, whatever its age: what a newer one says of an earlier time counts.
//
// Thread rule: check may run in several threads at once; adding needs one owner.
#pragma once

#include <memory>
#include <vector>

#include "base/finding.h"
#include "signature/revocation_list.h"

namespace evidence {

class TrustStore {
public:
    TrustStore();
    ~TrustStore();
    TrustStore(TrustStore&&) noexcept;
    TrustStore& operator=(TrustStore&&) noexcept;

    // A file (PEM, one or more; DER) or a folder of such files, where others are passed over.
    // Error(crypto) when none is inside, Error(not_found) when there is no such path. An
    // intermediate given as anchor is one.
    void add_anchors(const fs::path& path);
    void add_anchor(const Certificate& anchor);
    void add_revocation_lists(const fs::path& path);
    void add_revocation_list(const RevocationList& list);
    bool has_anchors() const;

    enum class Usage { signing, time_stamping, any };

    // Findings of the identity layer about `certificate` at `at`, quoting `where`; empty when it
    // chains to an anchor, is within its validity, not revoked by a list at hand and, for signing
    // and time-stamping, has a fitting key and key usage. `at` must be proven (a trusted
    // time-stamp) or be now: with a time that the signer chose, a stolen key could sign into the
    // past.
    //
    //   certificate.no-chain               (indeterminate) no way to an anchor, or none was given
    //   certificate.bad-signature          (failed) one on the chain was not signed by its issuer
    //   certificate.expired, .not-yet-valid  (failed) the certificate or one above it, at `at`
    //   certificate.revoked                (failed) by a list at hand, at `at` or before
    //   certificate.issuer-revoked         (indeterminate) one above it, at `at` or before
    //   certificate.revoked-later          (warning) revoked, but only after `at`
    //   certificate.not-revoked            (info) a list from that time, or from before it
    //                                      expired, does not name it
    //   certificate.wrong-usage            (failed) may not sign, may do more than time-stamping,
    //   or
    //                                      an issuer may not issue
    //   certificate.weak-key               (failed) key or digest below the rules
    //   certificate.algorithm-expired      (indeterminate) its key, or one above it, was no longer
    //                                      good at `at` (algorithm_policy.h)
    //   certificate.bad-revocation-list    (indeterminate) a list at hand does not hold
    //   certificate.not-acceptable         (failed) breaks another rule of RFC 5280, which is named
    //
    // `lists_inside` are revocation lists that came with the signature: those count that an issuer
    // on the chain has signed, the others are passed over.
    Findings check(const Certificate& certificate, const std::vector<Certificate>& intermediates,
                   UtcTime at, Usage usage, std::string_view where,
                   const std::vector<RevocationList>& lists_inside = {}) const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace evidence
