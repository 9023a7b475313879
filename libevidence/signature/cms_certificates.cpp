#include "signature/cms_certificates.h"

#include <openssl/err.h>

#include <algorithm>

namespace evidence {
namespace {

std::string hex_start(const Certificate& certificate) {
    return certificate.subject() + " (SHA-256 " + certificate.fingerprint().substr(0, 16) + "..)";
}

class ChainCheck {
public:
    ChainCheck(const CmsSignedData& cms, std::string_view where, Findings& findings)
        : cms_(cms), where_(where), findings_(findings) {}

    SignerChain run(CMS_SignerInfo* signer) {
        SignerChain chain;
        if (!read_certificates()) return chain;
        find_signer(signer, chain);
        if (!chain.signer) return chain;
        chain.issuers = issuing_path(*chain.signer, inside_);
        for (const Certificate& certificate : inside_) check_place(certificate, chain);
        check_lists(chain);
        return chain;
    }

private:
    void fail(std::string_view code, std::string message, Layer layer = Layer::signature) {
        findings_.add(std::string(code), layer, Weight::failed, std::move(message), where_);
    }

    bool read_certificates() {
        const auto& elements = cms_.certificates;
        if (elements.empty()) {
            fail("signature.wrong-certificates",
                 "the signature file does not hold the signer's certificate");
            return false;
        }
        if (elements.size() > cms_max_certificates) {
            fail("signature.wrong-certificates", "the signature file holds more than " +
                                                     std::to_string(cms_max_certificates) +
                                                     " certificates");
            return false;
        }
        for (const DerElement& element : elements) {
            if (element.tag != der::sequence) {
                fail("signature.wrong-certificates",
                     "the signature file holds something else than X.509 certificates");
                return false;
            }
            inside_.push_back(Certificate::from_der(element.whole, where_));
        }
        return true;
    }

    void find_signer(CMS_SignerInfo* signer, SignerChain& chain) {
        for (const Certificate& certificate : inside_) {
            if (CMS_SignerInfo_cert_cmp(signer, certificate.handle()) != 0) continue;
            if (chain.signer) {
                chain.signer.reset();
                fail("signature.wrong-certificates",
                     "the signature file holds several certificates that fit the signer");
                return;
            }
            chain.signer = certificate;
        }
        if (!chain.signer) {
            fail("signature.wrong-certificates",
                 "the signature file does not hold the signer's certificate");
            return;
        }
        // OpenSSL compares names without regard to case and spacing; bytes must agree here.
        const auto& named = cms_.signers.front().issuer;
        if (named &&
            as_text(named->whole) != as_text(der_of<i2d_X509_NAME>(
                                         X509_get_issuer_name(chain.signer->handle()), "name"))) {
            fail("signature.wrong-shape",
                 "the issuer of the signer's certificate is spelled differently in two places");
        }
    }

    // Every certificate has its place on the path; one whose issuer is inside under that name but
    // did not sign it was altered.
    void check_place(const Certificate& certificate, const SignerChain& chain) {
        if (std::count(inside_.begin(), inside_.end(), certificate) > 1) {
            fail("signature.wrong-certificates",
                 "the signature file holds a certificate twice: " + hex_start(certificate));
        }
        const bool altered = !is_signed_as_named(certificate);
        if (altered) {
            fail("certificate.bad-signature",
                 "the certificate was altered, its issuer did not sign it: " +
                     hex_start(certificate),
                 Layer::identity);
        }
        const bool on_path = certificate == *chain.signer ||
                             std::find(chain.issuers.begin(), chain.issuers.end(), certificate) !=
                                 chain.issuers.end();
        if (!on_path && !altered) {
            fail("signature.wrong-certificates",
                 "the signature file holds a certificate that is not on the signer's chain: " +
                     hex_start(certificate));
        }
    }

    bool is_signed_as_named(const Certificate& certificate) const {
        bool named = false;
        for (const Certificate& issuer : inside_) {
            if (X509_NAME_cmp(X509_get_issuer_name(certificate.handle()),
                              X509_get_subject_name(issuer.handle())) != 0) {
                continue;
            }
            if (is_issued_by(certificate, issuer)) return true;
            named = true;
        }
        return !named;
    }

    void check_lists(SignerChain& chain) {
        const auto& elements = cms_.revocation_lists;
        if (cms_.has_revocation_lists &&
            (elements.empty() || elements.size() > cms_max_revocation_lists)) {
            fail("signature.wrong-revocation-lists",
                 "the signature file holds no or too many revocation lists");
            return;
        }
        std::vector<std::string> seen;
        for (const DerElement& element : elements) {
            const unsigned char* position = element.whole.data();
            const CrlHandle list(
                element.tag == der::sequence
                    ? d2i_X509_CRL(nullptr, &position, static_cast<long>(element.whole.size()))
                    : nullptr);
            if (!list || !belongs(list.get(), chain)) {
                ERR_clear_error();
                fail("signature.wrong-revocation-lists",
                     "the signature file holds a revocation list of nobody on the signer's chain");
                continue;
            }
            const Bytes name = der_of<i2d_X509_NAME>(X509_CRL_get_issuer(list.get()), "name");
            if (std::find(seen.begin(), seen.end(), as_text(name)) != seen.end()) {
                fail("signature.wrong-revocation-lists",
                     "the signature file holds two revocation lists of one issuer");
            }
            seen.emplace_back(as_text(name));
            chain.lists.emplace_back(list.get());
        }
    }

    // The list of an issuer on the chain. The last issuer may be outside (the trust anchor); then
    // its name has to do, as nothing inside a list is believed anyway.
    static bool belongs(X509_CRL* list, const SignerChain& chain) {
        const X509_NAME* issuer = X509_CRL_get_issuer(list);
        for (const Certificate& one : chain.issuers) {
            if (X509_NAME_cmp(issuer, X509_get_subject_name(one.handle())) == 0) {
                return X509_CRL_verify(list, X509_get0_pubkey(one.handle())) == 1;
            }
        }
        const Certificate& last = chain.issuers.empty() ? *chain.signer : chain.issuers.back();
        return X509_NAME_cmp(issuer, X509_get_issuer_name(last.handle())) == 0;
    }

    const CmsSignedData& cms_;
    std::string where_;
    Findings& findings_;
    std::vector<Certificate> inside_;
};

}  // namespace

SignerChain check_certificates(const CmsSignedData& cms, CMS_SignerInfo* signer,
                               std::string_view where, Findings& findings) {
    return ChainCheck(cms, where, findings).run(signer);
}

}  // namespace evidence
