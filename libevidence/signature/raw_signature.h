// Signatures over raw bytes, without CMS: what each custody event carries.
// Algorithms: ecdsa-sha256, ecdsa-sha384 (DER ECDSA-Sig-Value), rsa-pss-sha256 (salt 32), ed25519.
#pragma once

#include <string>

#include "signature/identity.h"

namespace evidence {

// The algorithm name that fits the key; Error(crypto) for a key we do not sign with.
std::string raw_algorithm(const PrivateKey& key);

// Whether an event could be signed by this algorithm with the certificate's key.
bool algorithm_fits(const Certificate& certificate, std::string_view algorithm);

Bytes sign_raw(const PrivateKey& key, ByteView message);

// False for a signature that does not verify, and for an algorithm that does not fit the key.
bool verify_raw(const Certificate& certificate, std::string_view algorithm, ByteView message,
                ByteView signature);

}  // namespace evidence
