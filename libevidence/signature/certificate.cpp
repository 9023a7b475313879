#include "signature/certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <ctime>
#include <utility>

#include "base/error.h"
#include "base/hex.h"
#include "base/utf8.h"
#include "digest/digest.h"
#include "signature/openssl_handles.h"

namespace evidence {
namespace {

constexpr std::size_t certificates_max_bytes = 16 * mib;

// A first attribute of that kind as UTF-8; empty when there is none or it is not text.
std::string name_attribute(const X509_NAME* name, int nid) {
    const int index = X509_NAME_get_index_by_NID(name, nid, -1);
    if (index < 0) return {};
    unsigned char* utf8 = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, index)));
    if (size < 0) {
        ERR_clear_error();
        return {};
    }
    std::string text(utf8, utf8 + size);
    OPENSSL_free(utf8);
    return is_valid_utf8(text) ? text : std::string();
}

UtcTime time_of(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) throw_openssl("certificate has no readable validity");
    return UtcTime::from_seconds(::timegm(&parts));
}

bool looks_like_pem(std::string_view text) {
    return text.find("-----BEGIN ") != std::string_view::npos;
}

}  // namespace

Certificate::Certificate(X509* certificate) : certificate_(certificate) {
    X509_up_ref(certificate_);
}

Certificate::Certificate(const Certificate& other) : Certificate(other.certificate_) {}

Certificate::Certificate(Certificate&& other) noexcept
    : certificate_(std::exchange(other.certificate_, nullptr)) {}

Certificate& Certificate::operator=(Certificate other) noexcept {
    std::swap(certificate_, other.certificate_);
    return *this;
}

Certificate::~Certificate() { X509_free(certificate_); }

Certificate Certificate::from_der(ByteView der, std::string_view where) {
    const unsigned char* position = der.data();
    const CertificateHandle handle(d2i_X509(nullptr, &position, static_cast<long>(der.size())));
    if (!handle) throw_openssl("not a certificate: " + std::string(where));
    if (position != der.data() + der.size()) {
        throw Error(ErrorKind::crypto, "bytes behind a certificate: " + std::string(where) +
                                           " (expected one in DER form)");
    }
    Certificate certificate(handle.get());
    certificate.not_before();  // so that no later question about it can fail
    certificate.not_after();
    return certificate;
}

std::string Certificate::fingerprint() const { return to_hex(sha256(der())); }

Bytes Certificate::der() const { return der_of<i2d_X509>(certificate_, "certificate"); }

std::string Certificate::pem() const {
    const BioHandle bio(BIO_new(BIO_s_mem()));
    if (!bio || PEM_write_bio_X509(bio.get(), certificate_) != 1) {
        throw_openssl("cannot write certificate");
    }
    return text_of(bio.get());
}

std::string Certificate::common_name() const {
    return name_attribute(X509_get_subject_name(certificate_), NID_commonName);
}

std::string Certificate::organization() const {
    return name_attribute(X509_get_subject_name(certificate_), NID_organizationName);
}

std::string Certificate::country() const {
    return name_attribute(X509_get_subject_name(certificate_), NID_countryName);
}

std::string Certificate::subject() const { return text_of(X509_get_subject_name(certificate_)); }

UtcTime Certificate::not_before() const { return time_of(X509_get0_notBefore(certificate_)); }

UtcTime Certificate::not_after() const { return time_of(X509_get0_notAfter(certificate_)); }

bool Certificate::is_self_issued() const {
    return X509_NAME_cmp(X509_get_subject_name(certificate_), X509_get_issuer_name(certificate_)) ==
           0;
}

bool Certificate::operator==(const Certificate& other) const {
    return X509_cmp(certificate_, other.certificate_) == 0;
}

std::vector<Certificate> parse_pem_certificates(std::string_view pem, std::string_view where) {
    const BioHandle bio = memory_bio(as_bytes(pem));
    std::vector<Certificate> certificates;
    while (true) {
        const CertificateHandle handle(
            PEM_read_bio_X509(bio.get(), nullptr, no_passphrase, nullptr));
        if (!handle) break;
        certificates.push_back(
            Certificate::from_der(der_of<i2d_X509>(handle.get(), "certificate"), where));
    }
    const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
    if (!at_end) throw_openssl("cannot read certificate: " + std::string(where));
    ERR_clear_error();
    if (certificates.empty()) {
        throw Error(ErrorKind::crypto,
                    "no certificate: " + std::string(where) + " (expected PEM or DER)");
    }
    return certificates;
}

std::vector<Certificate> load_certificates(const fs::path& path) {
    const std::string content = read_small_file(path, certificates_max_bytes);
    if (looks_like_pem(content)) return parse_pem_certificates(content, path.native());
    return {Certificate::from_der(as_bytes(content), path.native())};
}

}  // namespace evidence
