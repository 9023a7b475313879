// PKCS#11 URIs (RFC 7512): how a key or a certificate on a smart card or HSM is named.
//
//   pkcs11:token=Office%207;object=officer;id=%01?module-path=/usr/lib/softhsm/libsofthsm2.so
//
// Thread rule: plain values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace evidence {

// What each attribute demands, percent-decoded; absent: anything goes.
struct Pkcs11Uri {
    std::optional<std::string> token, serial, manufacturer, model;  // of the token
    std::optional<std::string> object, id;                          // label and CKA_ID
    std::optional<std::uint64_t> slot_id;
    std::string module_path;  // the library that speaks to the token; empty: said elsewhere
};

// Whether `text` names something on a token rather than a file.
bool is_pkcs11_uri(std::string_view text);

// Error(usage) for what is no such URI, for an attribute we do not know (it might be the one that
// tells two keys apart), and for a PIN in it or a place of one: the command line is for all to see,
// and there is one way to give a secret. The message then does not repeat the URI.
Pkcs11Uri parse_pkcs11_uri(std::string_view text);

// "token=Office%207;serial=1234": everything but letters and digits percent-encoded.
std::string pkcs11_attribute(std::string_view name, std::string_view value);

}  // namespace evidence
