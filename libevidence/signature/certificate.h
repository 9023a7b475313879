// X.509 certificates (RFC 5280): what our formats say about them and how they are read.
//
// Thread rule: certificates are immutable and cheap to copy (reference-counted by OpenSSL).
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "base/utc_time.h"

typedef struct x509_st X509;

namespace evidence {

class Certificate {
public:
    // Takes its own reference.
    explicit Certificate(X509* certificate);
    Certificate(const Certificate& other);
    Certificate(Certificate&& other) noexcept;
    Certificate& operator=(Certificate other) noexcept;
    ~Certificate();

    static Certificate from_der(ByteView der, std::string_view where);

    std::string fingerprint() const;  // SHA-256 of the DER form, hex: `certificate_sha256`
    Bytes der() const;
    std::string pem() const;
    std::string common_name() const;  // of the subject; empty when it has none
    std::string organization() const;
    std::string country() const;
    std::string subject() const;  // RFC 2253 form, for messages
    UtcTime not_before() const;
    UtcTime not_after() const;
    bool is_self_issued() const;  // subject equals issuer
    X509* handle() const { return certificate_; }
    bool operator==(const Certificate& other) const;

private:
    X509* certificate_;
};

// Every certificate of a PEM file (or the one of a DER file), in order; Error(crypto) when there is
// none, Error(not_found) when there is no file.
std::vector<Certificate> load_certificates(const fs::path& path);

// The same from PEM text (custody/signers/*.pem of a package); `where` is quoted in errors.
std::vector<Certificate> parse_pem_certificates(std::string_view pem, std::string_view where);

// From the issuer of `leaf` upwards as far as `pool` goes, ending with a self-issued certificate
// when it holds one; what lies beside that path is left out. Each signature on it was verified.
std::vector<Certificate> issuing_path(const Certificate& leaf,
                                      const std::vector<Certificate>& pool);

// True when the key of `issuer` verifies the signature on `certificate` and the names agree.
bool is_issued_by(const Certificate& certificate, const Certificate& issuer);

}  // namespace evidence
