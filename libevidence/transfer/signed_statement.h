// A statement and the detached CAdES signature beside it: NAME.json and NAME.p7s; with a time-stamp
// over the signature file in NAME.tst when an authority was asked.
//
// The signature is checked over the bytes as they are before anything in them is believed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "signature/cms_signature.h"
#include "signature/identity.h"
#include "signature/timestamp_authority.h"
#include "signature/trust.h"
#include "transfer/statement.h"

namespace evidence {

struct SignedStatement {
    std::string document;   // with its newline
    Bytes signature;        // DER
    Bytes time_stamp = {};  // DER of a token over `signature`, unchecked; empty: none

    std::string document_sha256() const;
    std::string signature_sha256() const;
    // The same statement, whatever time-stamps it has: they can be made again.
    bool operator==(const SignedStatement& other) const {
        return document == other.document && signature == other.signature;
    }
};

struct StatementSigner {
    Certificate certificate;
    std::vector<Certificate> intermediates;
};

// Error(crypto) when the certificate is not valid at `at`. Precondition: require_sealing_identity
// passed.
SignedStatement sign_statement(std::string document, const SigningIdentity& identity, UtcTime at);

// Asks `authority` for a time-stamp over the signature; leaves a statement that has one, and any
// when `authority` is nullptr. Throws as request_timestamp does.
void add_time_stamp(SignedStatement& statement, const TimestampAuthority* authority,
                    RandomSource& random);

// Reads the time-stamp that lies beside a statement, if any; Error(malformed) when it is empty.
void take_time_stamp(SignedStatement& statement, const fs::path& document_path);

// Reads a statement by the path of its document. Error(not_found) without the document,
// Error(refused) without the signature, Error(malformed) when the time-stamp beside it is empty.
SignedStatement load_statement(const fs::path& document_path);

// Writes both files, the signature first, so that a document never lies there unsigned. A file
// that is there with the same bytes is kept; Error(exists) when it has others. A time-stamp that is
// there is kept in any case.
void store_statement(const fs::path& folder, StatementKind kind, const SignedStatement& statement);

// Error(refused), quoting the first finding, unless the signature holds over the document.
StatementSigner require_signature(const SignedStatement& statement, const fs::path& document_path);

// Error(refused) unless the signer is `claimed`, the certificate the statement itself names.
void require_claimed_signer(const StatementSigner& signer, std::string_view claimed,
                            const fs::path& document_path);

// Error(refused) when the signer does not chain to a trust anchor; holds when none was given.
void require_trusted(const StatementSigner& signer, const TrustStore& trust, UtcTime at,
                     const fs::path& document_path);

// True when the signer is one of `expected` fingerprints or chains to a given trust anchor: many
// cards sign but cannot decrypt, and a colleague may answer.
bool is_expected_signer(const StatementSigner& signer, const std::vector<std::string>& expected,
                        const TrustStore& trust, UtcTime at);

}  // namespace evidence
