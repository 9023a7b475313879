// Certificate revocation lists (RFC 5280 section 5): how they are read, whose they are, where the
// certificates say they can be had.
//
// Thread rule: lists are immutable and cheap to copy (reference-counted by OpenSSL).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "signature/certificate.h"

typedef struct X509_crl_st X509_CRL;

namespace evidence {

inline constexpr std::size_t revocation_list_max_bytes = 4 * mib;  // of one to be put somewhere

class RevocationList {
public:
    // Takes its own reference.
    explicit RevocationList(X509_CRL* list);
    RevocationList(const RevocationList& other);
    RevocationList(RevocationList&& other) noexcept;
    RevocationList& operator=(RevocationList other) noexcept;
    ~RevocationList();

    // Error(crypto) when this is no list, or has bytes behind it.
    static RevocationList from_der(ByteView der, std::string_view where);

    Bytes der() const;
    std::string issuer() const;  // RFC 2253 form, for messages
    UtcTime this_update() const;
    std::optional<UtcTime> next_update() const;  // absent: never announced
    // Of the issuer that `certificate` names, so that it would list that.
    bool is_about(const Certificate& certificate) const;
    // The names agree; with is_signed_by also the key of `issuer` verifies it.
    bool is_named_after(const Certificate& issuer) const;
    bool is_signed_by(const Certificate& issuer) const;
    // Since when the certificate was not to be believed any more, as far as this list says: the
    // invalidity date of its entry (section 5.3.2) when it has one, else the revocation date.
    // nullopt: it does not name it.
    std::optional<UtcTime> revoked_since(const Certificate& certificate) const;
    X509_CRL* handle() const { return list_; }
    bool operator==(const RevocationList& other) const;

private:
    X509_CRL* list_;
};

// A file (PEM, one or more; DER) or a folder of such files, where others are passed over.
// Error(crypto) when none is inside, Error(not_found) when there is no such path.
std::vector<RevocationList> load_revocation_lists(const fs::path& path);

// The list in an answer from the network, DER or PEM. Error(malformed) quoting `where`.
RevocationList parse_revocation_list(ByteView bytes, std::string_view where);

// The URLs of the certificate's CRL distribution points (section 4.2.1.13), in its order, at most
// 16; those of another scheme than http and https are left out.
std::vector<std::string> distribution_points(const Certificate& certificate);

}  // namespace evidence
