// Detached CAdES baseline signatures (ETSI EN 319 122-1, level B-B) as CMS SignedData (RFC 5652),
// and the pinned shape in which alone we accept them (evidence-package(5), "Signature files").
#pragma once

#include <optional>

#include "base/finding.h"
#include "signature/identity.h"
#include "signature/revocation_list.h"

namespace evidence {

inline constexpr std::size_t cms_max_bytes = 8 * mib;  // revocation lists may be long

// DER of a signature over `content` with signing-time `at` (rounded up to the second). It holds
// the signer's certificate and its issuers up to, but without, a self-signed one;
// signing-certificate-v2 names all of them, so that no byte of the file can change unnoticed.
// SHA-256 (SHA-384 for P-384); RSA signs by PSS. Error(crypto) when the identity cannot make a
// signature that check_detached accepts; require_sealing_identity says why before it is too late.
//
// `lists` go inside (level B-LT), each of them one that an issuer of the signer issued:
// revocation_lists_for chooses them.
Bytes sign_detached(ByteView content, const SigningIdentity& identity, UtcTime at,
                    const std::vector<RevocationList>& lists = {});

// Those of `lists` that belong into a signature of the identity at `now`: the newest of each issuer
// on its chain whose certificate is at hand; others are passed over. Error(crypto) when one says
// that the signer or an issuer is revoked, is not signed by the issuer it names, or is not in
// force, and when `lists` has none of an issuer of the signer.
std::vector<RevocationList> revocation_lists_for(const SigningIdentity& identity,
                                                 const std::vector<RevocationList>& lists,
                                                 UtcTime now);

// The same signature at level B-T: `token`, over the signature value, becomes its
// signature-time-stamp (EN 319 122-1 clause 5.3). Precondition: sign_detached made it.
Bytes with_time_stamp(ByteView signature, ByteView token);

struct DetachedSignature {
    Findings findings;                  // signature layer; a failed one means: do not trust
    std::optional<Certificate> signer;  // set once the shape is right
    std::vector<Certificate> intermediates;
    std::optional<UtcTime> signing_time;           // the signer's claim
    std::vector<RevocationList> revocation_lists;  // inside, of issuers on the signer's chain
    Bytes signature_value;                         // what a signature-time-stamp is about
    Bytes time_stamp;  // the token in the signature-time-stamp attribute, unchecked; or empty
};

// Checks shape and cryptography of a detached signature over `content`; whether the signer is to be
// believed is a matter for TrustStore::check. Every code below is `failed`, in the signature layer
// but for the last.
//
//   signature.malformed              not DER, bytes behind it, over cms_max_bytes, no SignedData
//   signature.signer-count           not exactly one signer
//   signature.embedded-content       not detached
//   signature.no-signed-attributes   signs the content bare
//   signature.missing-attribute      content-type, message-digest, signing-time or
//                                    signing-certificate-v2 (CAdES) is missing
//   signature.foreign-attribute      any other signed attribute, or one of those twice
//   signature.unsigned-attributes    anything but one signature-time-stamp
//   signature.weak-algorithm         digest, signature algorithm or key below the rules
//   signature.wrong-certificates     the signer's certificate is missing; one is unused or doubled
//   signature.wrong-revocation-lists one that no issuer on the signer's chain issued
//   signature.wrong-reference        signing-certificate-v2 is neither of the signer alone nor of
//                                    the signer and all its issuers inside
//   signature.wrong-shape            any other departure: versions, content types, encodings
//   signature.wrong-content          rightly signed, but something else than `content`
//   signature.invalid                the signature value does not verify
//   certificate.bad-signature        (identity) a certificate inside was altered: the issuer at
//                                    hand did not sign it
//
// Revocation lists inside are checked to belong here; TrustStore::check believes those that an
// issuer on the chain has signed. That they name nobody proves little: the signer chose them.
DetachedSignature check_detached(ByteView signature, ByteView content, std::string_view where);

}  // namespace evidence
