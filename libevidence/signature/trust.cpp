#include "signature/trust.h"

#include <openssl/err.h>

#include <algorithm>

#include "base/error.h"
#include "signature/files_of.h"
#include "signature/key_policy.h"
#include "signature/openssl_handles.h"
#include "signature/path_validation.h"

namespace evidence {
namespace {

std::vector<Certificate> read_anchors(const fs::path& path) {
    try {
        return load_certificates(path);
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::crypto) throw;
        return {};
    }
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
    std::vector<RevocationList> lists;
};

TrustStore::TrustStore() : state_(std::make_unique<State>()) {}
TrustStore::~TrustStore() = default;
TrustStore::TrustStore(TrustStore&&) noexcept = default;
TrustStore& TrustStore::operator=(TrustStore&&) noexcept = default;

void TrustStore::add_anchors(const fs::path& path) {
    const std::size_t before = state_->anchors.size();
    for (const fs::path& file : files_of(path)) {
        for (Certificate& anchor : read_anchors(file)) state_->anchors.push_back(std::move(anchor));
    }
    if (state_->anchors.size() > before) return;
    throw Error(ErrorKind::crypto,
                "no certificate to trust: " + path.native() + " (expected PEM or DER)");
}

void TrustStore::add_anchor(const Certificate& anchor) { state_->anchors.push_back(anchor); }

void TrustStore::add_revocation_lists(const fs::path& path) {
    for (RevocationList& list : load_revocation_lists(path)) add_revocation_list(list);
}

void TrustStore::add_revocation_list(const RevocationList& list) { state_->lists.push_back(list); }

bool TrustStore::has_anchors() const { return !state_->anchors.empty(); }

Findings TrustStore::check(const Certificate& certificate,
                           const std::vector<Certificate>& intermediates, UtcTime at, Usage usage,
                           std::string_view where,
                           const std::vector<RevocationList>& lists_inside) const {
    Findings findings;
    if (usage == Usage::signing) check_signing_use(certificate, where, findings);
    if (usage == Usage::time_stamping) check_stamping_use(certificate, where, findings);
    validate_path(
        {certificate, intermediates, state_->anchors, state_->lists, lists_inside, at, where},
        findings);
    return findings;
}

}  // namespace evidence
