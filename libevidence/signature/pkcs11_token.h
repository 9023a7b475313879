// A smart card or HSM partition behind a PKCS#11 module: which token a URI means, its PIN, and
// which keys and certificates it holds. Signing itself goes through OpenSSL (pkcs11_key.h).
//
// Thread rule: one thread at a time.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "signature/certificate.h"
#include "signature/pkcs11_uri.h"
#include "signature/secret_source.h"

namespace evidence {

class Pkcs11Token {
public:
    // The one token the URI fits. Error(crypto) naming what was looked for and what is there when
    // none or several fit, or when the module cannot be loaded.
    Pkcs11Token(const Pkcs11Uri& uri, const fs::path& module);
    Pkcs11Token(Pkcs11Token&&) noexcept;
    ~Pkcs11Token();

    // "token=Office%207;serial=0123": this token and no other, as a part of a URI.
    std::string address() const;

    // Asks `pin` once ("pkcs11:<address>"); never for a token with a key pad of its own, or one
    // that another key of this process has opened. Error(crypto), each with a message of its own:
    // no PIN given, wrong PIN (with a hint when one try is left), PIN locked, no PIN set. A second
    // try would be the next step to a locked card.
    void log_in(const PassphraseSource& pin);
    const std::string& pin() const;  // the one that fitted; empty before and with a key pad

    struct Key {
        std::string id, label;  // CKA_ID, CKA_LABEL; either may be empty
    };
    // The one private key the URI fits; Error(crypto) naming what was looked for and what is there.
    Key find_key(const Pkcs11Uri& uri) const;

    // Certificates with this id or, where none has it or it is empty, with this label.
    // Error(crypto) when there are some and none can be read.
    std::vector<Certificate> certificates_of(const Key& key) const;
    // The one certificate the URI fits, by the same rules as find_key.
    Certificate find_certificate(const Pkcs11Uri& uri) const;
    std::vector<Certificate> all_certificates() const;  // those that can be read

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace evidence
