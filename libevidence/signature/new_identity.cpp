#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <chrono>

#include "base/error.h"
#include "signature/identity.h"
#include "signature/openssl_handles.h"

namespace evidence {
namespace {

constexpr int validity_years = 5;
constexpr std::size_t serial_bytes = 16;

using NameHandle = std::unique_ptr<X509_NAME, OpenSslDeleter<X509_NAME_free>>;
using ExtensionHandle = std::unique_ptr<X509_EXTENSION, OpenSslDeleter<X509_EXTENSION_free>>;
using IntegerHandle = std::unique_ptr<ASN1_INTEGER, OpenSslDeleter<ASN1_INTEGER_free>>;
using NumberHandle = std::unique_ptr<BIGNUM, OpenSslDeleter<BN_free>>;

void require(bool done, const char* what) {
    if (!done) throw_openssl(std::string("cannot make an identity: ") + what);
}

constexpr int name_max_characters = 64;  // RFC 5280 appendix A.1, and OpenSSL enforces it

bool is_country(std::string_view text) {
    const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
    return text.size() == 2 && std::all_of(text.begin(), text.end(), is_capital);
}

void add_to_name(X509_NAME* name, int nid, std::string_view value, const char* what) {
    if (value.empty()) return;
    const int size =
        static_cast<int>(std::min<std::size_t>(value.size(), 4 * name_max_characters + 1));
    if ((nid != NID_countryName || is_country(value)) &&
        X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, as_bytes(value).data(), size, -1, 0) ==
            1) {
        return;
    }
    ERR_clear_error();
    throw Error(ErrorKind::usage,
                std::string("cannot go into a certificate: ") + what + " " + std::string(value) +
                    (nid == NID_countryName ? " (expected two capital letters)"
                                            : " (expected at most 64 characters)"));
}

NameHandle make_name(std::string_view common_name, std::string_view organization,
                     std::string_view country) {
    if (common_name.empty()) {
        throw Error(ErrorKind::usage, "no name for the identity (expected a common name)");
    }
    NameHandle name(X509_NAME_new());
    require(name != nullptr, "name");
    add_to_name(name.get(), NID_countryName, country, "country");
    add_to_name(name.get(), NID_organizationName, organization, "organization");
    add_to_name(name.get(), NID_commonName, common_name, "name");
    return name;
}

void set_serial(X509* certificate, RandomSource& random) {
    std::array<std::uint8_t, serial_bytes> bytes{};
    random.fill(bytes);
    bytes[0] = static_cast<std::uint8_t>((bytes[0] & 0x3F) | 0x40);  // positive, full length
    const NumberHandle number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
    require(number != nullptr, "serial number");
    const IntegerHandle serial(BN_to_ASN1_INTEGER(number.get(), nullptr));
    require(serial && X509_set_serialNumber(certificate, serial.get()) == 1, "serial number");
}

std::int64_t years_later(std::int64_t seconds, int years) {
    namespace chrono = std::chrono;
    const chrono::sys_seconds instant{chrono::seconds{seconds}};
    const auto day = chrono::floor<chrono::days>(instant);
    chrono::year_month_day date = chrono::year_month_day{day} + chrono::years{years};
    if (!date.ok()) date = date.year() / date.month() / chrono::last;
    const chrono::sys_seconds later = chrono::sys_days{date} + (instant - day);
    return later.time_since_epoch().count();
}

void set_validity(X509* certificate, UtcTime now) {
    const std::int64_t from = now.seconds();
    const std::int64_t until = years_later(from, validity_years);
    require(ASN1_TIME_adj(X509_getm_notBefore(certificate), from, 0, 0) != nullptr, "validity");
    require(ASN1_TIME_adj(X509_getm_notAfter(certificate), until, 0, 0) != nullptr, "validity");
}

void add_extension(X509* certificate, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
    const ExtensionHandle extension(X509V3_EXT_conf_nid(nullptr, &context, nid, value));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, value);
}

CertificateHandle make_certificate(EVP_PKEY* key, X509_NAME* name, const Context& context) {
    CertificateHandle certificate(X509_new());
    X509* const made = certificate.get();
    require(made && X509_set_version(made, X509_VERSION_3) == 1, "certificate");
    set_serial(made, context.random);
    set_validity(made, context.clock.now());
    require(X509_set_subject_name(made, name) == 1 && X509_set_issuer_name(made, name) == 1 &&
                X509_set_pubkey(made, key) == 1,
            "certificate");
    add_extension(made, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(made, NID_key_usage, "critical,digitalSignature,nonRepudiation,keyAgreement");
    add_extension(made, NID_subject_key_identifier, "hash");
    require(X509_sign(made, key, EVP_sha256()) > 0, "signature");
    return certificate;
}

RequestHandle make_request(EVP_PKEY* key, X509_NAME* name) {
    RequestHandle request(X509_REQ_new());
    require(request && X509_REQ_set_version(request.get(), X509_REQ_VERSION_1) == 1 &&
                X509_REQ_set_subject_name(request.get(), name) == 1 &&
                X509_REQ_set_pubkey(request.get(), key) == 1 &&
                X509_REQ_sign(request.get(), key, EVP_sha256()) > 0,
            "certificate request");
    return request;
}

BioHandle memory_sink() {
    BioHandle sink(BIO_new(BIO_s_mem()));
    require(sink != nullptr, "memory");
    return sink;
}

}  // namespace

NewIdentity create_identity(std::string_view common_name, std::string_view organization,
                            std::string_view country, const Context& context) {
    const NameHandle name = make_name(common_name, organization, country);
    const KeyHandle key(EVP_EC_gen("P-256"));
    require(key != nullptr, "key");
    const CertificateHandle certificate = make_certificate(key.get(), name.get(), context);
    const RequestHandle request = make_request(key.get(), name.get());
    const BioHandle key_pem = memory_sink();
    const BioHandle request_pem = memory_sink();
    require(PEM_write_bio_PKCS8PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr,
                                          nullptr) == 1,
            "key");
    require(PEM_write_bio_X509_REQ(request_pem.get(), request.get()) == 1, "certificate request");
    return {text_of(key_pem.get()), Certificate(certificate.get()).pem(),
            text_of(request_pem.get())};
}

}  // namespace evidence
