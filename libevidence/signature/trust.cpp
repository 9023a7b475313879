#include "signature/trust.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <algorithm>

#include "base/error.h"
#include "signature/key_policy.h"
#include "signature/openssl_handles.h"
#include "signature/path_validation.h"

namespace evidence {
namespace {

constexpr std::size_t revocation_lists_max_bytes = 64 * mib;

// Every list of a PEM file, or the one of a DER file; none when it holds none.
std::vector<CrlHandle> read_revocation_lists(const fs::path& path) {
    const std::string content = read_small_file(path, revocation_lists_max_bytes);
    const unsigned char* position = as_bytes(content).data();
    std::vector<CrlHandle> lists;
    if (CrlHandle list{d2i_X509_CRL(nullptr, &position, static_cast<long>(content.size()))}) {
        lists.push_back(std::move(list));
    } else {
        const BioHandle bio = memory_bio(as_bytes(content));
        while (CrlHandle next{PEM_read_bio_X509_CRL(bio.get(), nullptr, no_passphrase, nullptr)}) {
            lists.push_back(std::move(next));
        }
    }
    ERR_clear_error();
    return lists;
}

std::vector<Certificate> read_anchors(const fs::path& path) {
    try {
        return load_certificates(path);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::crypto) throw;
        return {};
    }
}

// The path itself, or the files of the folder in the order of their names.
std::vector<fs::path> files_of(const fs::path& path) {
    std::error_code error;
    if (!fs::is_directory(path, error)) return {path};
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(path, error)) {
        if (entry.is_regular_file()) files.push_back(entry.path());
    }
    if (error) throw_system_error(error.value(), "cannot read folder", path.native());
    std::sort(files.begin(), files.end());
    return files;
}

template <typename T>
void add_from(const fs::path& path, std::vector<T> (*read)(const fs::path&), std::vector<T>& to,
              const char* what) {
    std::size_t added = 0;
    for (const fs::path& file : files_of(path)) {
        for (T& one : read(file)) {
            to.push_back(std::move(one));
            ++added;
        }
    }
    if (added > 0) return;
    throw Error(ErrorKind::crypto,
                std::string("no ") + what + ": " + path.native() + " (expected PEM or DER)");
}

void check_signing_use(const Certificate& certificate, std::string_view where, Findings& findings) {
    const auto fail = [&](const char* code, const std::string& message) {
        findings.add(code, Layer::identity, Weight::failed, message, std::string(where));
    };
    if (!may_sign(certificate.handle())) {
        fail("certificate.wrong-usage",
             "the certificate is not for signing: " + certificate.subject());
    } else if (is_time_stamping(certificate.handle())) {
        fail("certificate.wrong-usage",
             "the certificate is for time-stamping only: " + certificate.subject());
    }
    const EVP_PKEY* key = X509_get0_pubkey(certificate.handle());
    const KeyKind kind = kind_of(key);
    if (kind == KeyKind::weak_rsa || kind == KeyKind::other) {
        fail("certificate.weak-key", "the key of the certificate is not allowed (" +
                                         describe_key(key) + "): " + certificate.subject());
    }
    ERR_clear_error();
}

// Keys of authorities are judged by OpenSSL's security level: many are RSA with 2048 bits.
void check_stamping_use(const Certificate& certificate, std::string_view where,
                        Findings& findings) {
    if (is_only_time_stamping(certificate.handle())) return;
    findings.add("certificate.wrong-usage", Layer::identity, Weight::failed,
                 "the certificate is not for time-stamping alone: " + certificate.subject(),
                 std::string(where));
}

}  // namespace

struct TrustStore::State {
    std::vector<Certificate> anchors;
    std::vector<CrlHandle> lists;
};

TrustStore::TrustStore() : state_(std::make_unique<State>()) {}
TrustStore::~TrustStore() = default;
TrustStore::TrustStore(TrustStore&&) noexcept = default;
TrustStore& TrustStore::operator=(TrustStore&&) noexcept = default;

void TrustStore::add_anchors(const fs::path& path) {
    add_from(path, read_anchors, state_->anchors, "certificate to trust");
}

void TrustStore::add_revocation_lists(const fs::path& path) {
    add_from(path, read_revocation_lists, state_->lists, "revocation list");
}

bool TrustStore::has_anchors() const { return !state_->anchors.empty(); }

Findings TrustStore::check(const Certificate& certificate,
                           const std::vector<Certificate>& intermediates, UtcTime at, Usage usage,
                           std::string_view where) const {
    Findings findings;
    if (usage == Usage::signing) check_signing_use(certificate, where, findings);
    if (usage == Usage::time_stamping) check_stamping_use(certificate, where, findings);
    validate_path({certificate, intermediates, state_->anchors, state_->lists, at, where},
                  findings);
    return findings;
}

}  // namespace evidence
