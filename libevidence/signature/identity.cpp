#include "signature/identity.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstring>
#include <utility>

#include "base/error.h"
#include "signature/key_policy.h"
#include "signature/openssl_handles.h"
#include "signature/pkcs11_key.h"

namespace evidence {
namespace {

constexpr std::size_t identity_max_bytes = mib;

// Wraps a PassphraseSource for OpenSSL's C callback: nothing may be thrown through it.
struct PassphraseQuestion {
    const PassphraseSource& source;
    const fs::path& file;
    bool asked = false;
    bool answered = false;
    std::exception_ptr failure;
};

int answer_passphrase(char* buffer, int size, int, void* user) noexcept {
    auto& question = *static_cast<PassphraseQuestion*>(user);
    if (question.failure) return -1;  // OpenSSL asks again
    question.asked = true;
    try {
        const std::optional<std::string> passphrase =
            question.source ? question.source(question.file.native()) : std::nullopt;
        if (!passphrase || passphrase->size() > static_cast<std::size_t>(size)) return -1;
        question.answered = true;
        std::memcpy(buffer, passphrase->data(), passphrase->size());
        return static_cast<int>(passphrase->size());
    } catch (...) {
        question.failure = std::current_exception();
        return -1;
    }
}

[[noreturn]] void throw_no_passphrase(const fs::path& file) {
    ERR_clear_error();
    throw Error(ErrorKind::crypto,
                "private key is encrypted: " + file.native() + " (expected a passphrase)",
                "without a terminal give it with --key-password FILE or fd:N");
}

[[noreturn]] void throw_wrong_passphrase(const fs::path& file) {
    ERR_clear_error();
    throw Error(ErrorKind::crypto,
                "cannot decrypt private key: " + file.native() + " (the passphrase does not fit)");
}

KeyHandle read_pem_key(const std::string& pem, const fs::path& file,
                       const PassphraseSource& passphrase) {
    const BioHandle bio = memory_bio(as_bytes(pem));
    PassphraseQuestion question{passphrase, file, false, false, {}};
    KeyHandle key(PEM_read_bio_PrivateKey(bio.get(), nullptr, answer_passphrase, &question));
    if (question.failure) std::rethrow_exception(question.failure);
    if (key) return key;
    if (question.asked && !question.answered) throw_no_passphrase(file);
    if (question.asked) throw_wrong_passphrase(file);
    throw_openssl("cannot read private key: " + file.native(),
                  "give a private key in PEM or PKCS#12 form");
}

bool is_pem(std::string_view content) {
    return content.find("-----BEGIN ") != std::string_view::npos;
}

bool holds_certificate(std::string_view content) {
    return content.find("-----BEGIN CERTIFICATE-----") != std::string_view::npos;
}

struct KeyFile {
    KeyHandle key;
    std::vector<Certificate> certificates;  // of the same file: the leaf first
    std::vector<Certificate> others = {};   // of the same card: perhaps the way up to the CA
};

KeyFile read_pem_file(const std::string& pem, const fs::path& file,
                      const PassphraseSource& passphrase) {
    KeyFile result{read_pem_key(pem, file, passphrase), {}};
    if (holds_certificate(pem)) result.certificates = parse_pem_certificates(pem, file.native());
    return result;
}

// The passphrase that opens the bundle; nullopt stands for "no passphrase at all".
std::optional<std::string> bundle_passphrase(PKCS12* bundle, const fs::path& file,
                                             const PassphraseSource& passphrase) {
    if (PKCS12_verify_mac(bundle, nullptr, 0) == 1) return std::nullopt;
    if (PKCS12_verify_mac(bundle, "", 0) == 1) return std::string();
    std::optional<std::string> given = passphrase ? passphrase(file.native()) : std::nullopt;
    if (!given) throw_no_passphrase(file);
    const int size = static_cast<int>(std::min(given->size(), identity_max_bytes));
    if (PKCS12_verify_mac(bundle, given->data(), size) != 1) throw_wrong_passphrase(file);
    return given;
}

KeyFile read_bundle(const std::string& der, const fs::path& file,
                    const PassphraseSource& passphrase) {
    const unsigned char* position = as_bytes(der).data();
    const Pkcs12Handle bundle(d2i_PKCS12(nullptr, &position, static_cast<long>(der.size())));
    if (!bundle) {
        throw_openssl("cannot read private key: " + file.native(),
                      "give a private key in PEM or PKCS#12 form");
    }
    const std::optional<std::string> opened = bundle_passphrase(bundle.get(), file, passphrase);
    EVP_PKEY* key = nullptr;
    X509* certificate = nullptr;
    STACK_OF(X509)* others = nullptr;
    const int parsed =
        PKCS12_parse(bundle.get(), opened ? opened->c_str() : nullptr, &key, &certificate, &others);
    KeyFile result{KeyHandle(key), {}};
    const CertificateHandle own(certificate);
    const CertificateStack chain(others);
    if (parsed != 1 || !key) {
        throw_openssl("cannot read private key: " + file.native(),
                      "write the bundle anew with current algorithms: openssl pkcs12 -legacy -in "
                      "OLD -nodes | openssl pkcs12 -export -out NEW");
    }
    if (own) result.certificates.emplace_back(own.get());
    for (int i = 0; i < sk_X509_num(chain.get()); ++i) {
        result.certificates.emplace_back(sk_X509_value(chain.get(), i));
    }
    return result;
}

// The certificate that fits comes first: one of another key behind the same id is an error.
KeyFile read_token_key(const IdentityFiles& files, const PassphraseSource& passphrase) {
    TokenKey found = load_token_key(files.key.native(), files.tokens, passphrase);
    EVP_PKEY* key = found.key.handle();
    EVP_PKEY_up_ref(key);
    KeyFile result{KeyHandle(key), std::move(found.certificates), std::move(found.others)};
    if (!files.certificate.empty() || !result.certificates.empty()) return result;
    throw Error(ErrorKind::crypto,
                "no certificate for private key: " + files.key.native() +
                    " (expected one with the same id or label on the token)",
                "store it there, or give it with --cert FILE");
}

KeyFile read_key_file(const fs::path& file, const PassphraseSource& passphrase) {
    const std::string content = read_small_file(file, identity_max_bytes);
    ERR_clear_error();
    return is_pem(content) ? read_pem_file(content, file, passphrase)
                           : read_bundle(content, file, passphrase);
}

// The certificate option when it was given, else what the key file brought along.
std::vector<Certificate> find_certificates(const IdentityFiles& files, KeyFile& key_file) {
    if (is_pkcs11_uri(files.certificate.native())) {
        return {load_token_certificate(files.certificate.native(), files.tokens)};
    }
    if (!files.certificate.empty()) return load_certificates(files.certificate);
    if (!key_file.certificates.empty()) return std::move(key_file.certificates);
    throw Error(
        ErrorKind::crypto,
        "no certificate for private key: " + files.key.native() + " (expected one beside it)",
        "give the certificate of this key with --cert");
}

void require_key_of(const Certificate& certificate, const EVP_PKEY* key,
                    const IdentityFiles& files) {
    const bool belongs = X509_check_private_key(certificate.handle(), key) == 1;
    ERR_clear_error();
    if (belongs) return;
    const std::string owner =
        files.certificate.empty() ? certificate.subject() : files.certificate.native();
    throw Error(ErrorKind::crypto,
                "wrong private key: " + files.key.native() + " (expected the key of certificate " +
                    owner + ")",
                "give the key and the certificate that were made together");
}

}  // namespace

PrivateKey::PrivateKey(EVP_PKEY* key) : key_(key) { EVP_PKEY_up_ref(key_); }

PrivateKey::PrivateKey(const PrivateKey& other) : PrivateKey(other.key_) {}

PrivateKey::PrivateKey(PrivateKey&& other) noexcept : key_(std::exchange(other.key_, nullptr)) {}

PrivateKey& PrivateKey::operator=(PrivateKey other) noexcept {
    std::swap(key_, other.key_);
    return *this;
}

PrivateKey::~PrivateKey() { EVP_PKEY_free(key_); }

SigningIdentity load_identity(const IdentityFiles& files, const PassphraseSource& passphrase) {
    const bool on_token = is_pkcs11_uri(files.key.native());
    KeyFile key_file =
        on_token ? read_token_key(files, passphrase) : read_key_file(files.key, passphrase);
    std::vector<Certificate> certificates = find_certificates(files, key_file);
    const Certificate& own = certificates.front();
    require_key_of(own, key_file.key.get(), files);
    std::vector<Certificate> others(certificates.begin() + 1, certificates.end());
    others.insert(others.end(), key_file.others.begin(), key_file.others.end());
    if (!files.chain.empty()) {
        const std::vector<Certificate> more = load_certificates(files.chain);
        others.insert(others.end(), more.begin(), more.end());
    }
    std::vector<Certificate> chain = issuing_path(own, others);
    if (!files.chain.empty() && chain.empty() && !own.is_self_issued()) {
        throw Error(ErrorKind::crypto, "wrong certificate chain: " + files.chain.native() +
                                           " (expected the issuer of " + own.subject() + ")");
    }
    return {PrivateKey(key_file.key.get()), own, std::move(chain)};
}

void require_valid_now(const SigningIdentity& identity, UtcTime now) {
    const UtcTime from = identity.certificate.not_before();
    const UtcTime until = identity.certificate.not_after();
    if (from <= now && now <= until) return;
    throw Error(ErrorKind::crypto,
                "certificate is not valid now: " + identity.certificate.subject() + " (expected " +
                    format_utc(now) + " between " + format_utc(from) + " and " + format_utc(until) +
                    ")",
                "check the clock, or use a current certificate");
}

void require_sealing_identity(const SigningIdentity& identity) {
    const std::string who = identity.certificate.subject();
    const KeyKind kind = kind_of(identity.key.handle());
    if (kind == KeyKind::ed25519) {
        throw Error(ErrorKind::crypto,
                    "key cannot sign packages: " + who +
                        " (expected EC P-256, EC P-384 or RSA of at least 3072 bits; OpenSSL 3.0 "
                        "makes no CMS signatures with Ed25519)",
                    "use an EC P-256 key: evidence-custody identity makes one");
    }
    if (!may_seal(kind)) {
        throw Error(ErrorKind::crypto,
                    "key cannot sign packages: " + who +
                        " (expected EC P-256, EC P-384 or RSA of at least 3072 bits, found " +
                        describe_key(identity.key.handle()) + ")",
                    "use an EC P-256 key: evidence-custody identity makes one");
    }
    if (!may_sign(identity.certificate.handle())) {
        throw Error(ErrorKind::crypto,
                    "certificate may not sign: " + who +
                        " (expected key usage digitalSignature or nonRepudiation)",
                    "ask the CA for a certificate to sign with");
    }
    if (is_time_stamping(identity.certificate.handle())) {
        throw Error(ErrorKind::crypto,
                    "certificate may not sign: " + who +
                        " (expected no time-stamping certificate, which must stay somebody else's "
                        "word)",
                    "ask the CA for a certificate to sign with");
    }
}

}  // namespace evidence
