// Encryption of what travels: CMS AuthEnvelopedData (RFC 5083) with AES-256-GCM (RFC 5084), either
// to the certificates of its recipients or under a secret both sides already share.
//
// `openssl cms -decrypt` opens every message made here, and messages of the same shape made by
// `openssl cms -encrypt` are opened here. A message is held in memory whole, so its size is bounded
// and large evidence travels in parts (evidence-package(5), "Transfer").
#pragma once

#include <array>
#include <vector>

#include "signature/certificate.h"
#include "signature/identity.h"

namespace evidence {

inline constexpr std::size_t envelope_max_plain_bytes = 256 * mib;

// What an envelope adds at most to its plaintext; `recipients` is 1 for a shared secret.
constexpr std::size_t envelope_overhead_bytes(std::size_t recipients) {
    return 256 + recipients * 4 * kib;
}
inline constexpr std::size_t envelope_max_recipients = 64;

using EnvelopeSecret = std::array<std::uint8_t, 32>;
using EnvelopeKeyId = std::array<std::uint8_t, 16>;

// Error(crypto) with a hint unless messages can be encrypted to this certificate: RSA >= 3072 with
// key usage keyEncipherment, or EC P-256/P-384 with keyAgreement (or no key usage at all).
void require_recipient(const Certificate& certificate);

// DER of `plain` encrypted to each of the recipients: RSA by OAEP with SHA-256 and MGF1-SHA-256,
// EC by one-pass ECDH with the X9.63 KDF over SHA-256 and AES-256 key wrap (RFC 5753). For small
// messages: OpenSSL holds several copies. Errors: crypto as require_recipient; usage for no
// recipient, too many, or too much.
Bytes encrypt_to_recipients(ByteView plain, const std::vector<Certificate>& recipients);

// The plaintext. Errors: malformed (`der` is no AuthEnvelopedData), crypto (not addressed to this
// certificate), refused (altered, or the key is not the certificate's). Nothing
// of the plaintext is returned unless the authentication tag holds.
Bytes decrypt_with_key(ByteView der, const PrivateKey& key, const Certificate& certificate,
                       std::string_view where);

// The same under a shared 256-bit secret that `key_id` names (KEKRecipientInfo, AES-256 key wrap).
// One buffer of the size of the message is all it needs beside `plain`.
Bytes encrypt_with_secret(ByteView plain, const EnvelopeSecret& secret,
                          const EnvelopeKeyId& key_id);

// Errors: malformed (not exactly the shape encrypt_with_secret makes, in DER), crypto (it names
// another key id), refused (altered, or made under another secret).
Bytes decrypt_with_secret(ByteView der, const EnvelopeSecret& secret, const EnvelopeKeyId& key_id,
                          std::string_view where);

}  // namespace evidence
