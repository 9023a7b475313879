// Whether two certificates are of one key, and whether they may be of one person: the two-person
// rule, for who seals and for who verifies.
//
// Thread rule: plain functions.
#pragma once

#include <string>
#include <vector>

#include "signature/certificate.h"

namespace evidence {

// What names a key pair whatever was certified about it and however it is written down, as SHA-256
// in hex: the modulus and exponent of an RSA key, bound to PSS or not; the curve and the affine
// point of an EC key, compressed or not; of others SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7),
// which has one form for them. Error(crypto) when OpenSSL cannot say it.
std::string key_identity(const Certificate& certificate);

// True when the keys or the names are the same (RFC 5280 section 7.1: in whatever case).
bool may_be_one_person(const Certificate& one, const Certificate& other);

// How many people these are at least: those that may be one person are one, also by way of a third.
std::size_t count_people(const std::vector<Certificate>& certificates);

}  // namespace evidence
