// Private keys that never leave a smart card or HSM, through OpenSSL's pkcs11 engine
// (libengine-pkcs11-openssl of libp11), which is loaded when the first such key is asked for.
// What is done with other keys is done with these: CMS, raw signatures, decryption.
//
// Thread rule: as SigningIdentity; keys of one token share its connection. A token stays logged in
// until the process ends: the engine holds on to keys it has loaded.
#pragma once

#include <string_view>
#include <vector>

#include "signature/identity.h"
#include "signature/pkcs11_uri.h"

namespace evidence {

struct TokenKey {
    PrivateKey key;  // holds the connection to the token, and the PIN where each use asks for it
    std::vector<Certificate> certificates;  // with the key's id or label; one that fits first
    std::vector<Certificate> others;        // all the token holds
};

// Error(usage): not such a URI, a PIN in it, no module named. Error(crypto), each with a message of
// its own: module, token, key or engine missing, several fit, PIN wrong or locked.
// Error(unsupported): a second module in one process.
TokenKey load_token_key(std::string_view uri, const TokenAccess& access,
                        const PassphraseSource& pin);

// Whether load_token_key made it: what it cannot do, the token cannot.
bool is_on_token(const PrivateKey& key);

// Without a PIN: a certificate is public. Errors as above.
Certificate load_token_certificate(std::string_view uri, const TokenAccess& access);

}  // namespace evidence
