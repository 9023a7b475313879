#include "signature/certificate_reference.h"

#include "signature/openssl_handles.h"

namespace evidence {

Bytes certificate_reference(const Certificate& signer, const std::vector<Certificate>& issuers,
                            const EVP_MD* digest, bool with_serials) {
    using Reference =
        std::unique_ptr<ESS_SIGNING_CERT_V2, OpenSslDeleter<ESS_SIGNING_CERT_V2_free>>;
    const CertificateStackView others(sk_X509_new_null());
    if (!others) throw_openssl("cannot name a certificate");
    for (const Certificate& issuer : issuers) {
        if (sk_X509_push(others.get(), issuer.handle()) == 0) {
            throw_openssl("cannot name a certificate");
        }
    }
    const Reference reference(
        OSSL_ESS_signing_cert_v2_new_init(digest, signer.handle(), others.get(), with_serials));
    if (!reference) throw_openssl("cannot name a certificate");
    return der_of<i2d_ESS_SIGNING_CERT_V2>(reference.get(), "reference to a certificate");
}

}  // namespace evidence
