#include <openssl/err.h>

#include <algorithm>

#include "signature/certificate.h"
#include "signature/openssl_handles.h"

namespace evidence {

bool is_issued_by(const Certificate& certificate, const Certificate& issuer) {
    if (X509_NAME_cmp(X509_get_issuer_name(certificate.handle()),
                      X509_get_subject_name(issuer.handle())) != 0) {
        return false;
    }
    EVP_PKEY* key = X509_get0_pubkey(issuer.handle());
    const bool verified = key && X509_verify(certificate.handle(), key) == 1;
    ERR_clear_error();
    return verified;
}

std::vector<Certificate> issuing_path(const Certificate& leaf,
                                      const std::vector<Certificate>& pool) {
    std::vector<Certificate> path;
    Certificate last = leaf;
    while (!last.is_self_issued()) {
        const auto issuer = std::find_if(pool.begin(), pool.end(), [&](const Certificate& one) {
            return is_issued_by(last, one) && one != leaf &&
                   std::find(path.begin(), path.end(), one) == path.end();
        });
        if (issuer == pool.end()) break;
        last = *issuer;
        path.push_back(last);
    }
    return path;
}

}  // namespace evidence
