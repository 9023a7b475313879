#include <openssl/err.h>

#include "base/error.h"
#include "digest/digest.h"
#include "signature/certificate_reference.h"
#include "signature/cms_certificates.h"
#include "signature/cms_rules.h"
#include "signature/cms_signature.h"
#include "signature/key_policy.h"
#include "signature/openssl_handles.h"

namespace evidence {
namespace {

constexpr unsigned int checking_flags =
    CMS_BINARY | CMS_DETACHED | CMS_NO_SIGNER_CERT_VERIFY | CMS_NOINTERN;

class SignatureCheck {
public:
    SignatureCheck(ByteView signature, ByteView content, std::string_view where)
        : signature_(signature), content_(content), where_(where) {}

    DetachedSignature run() {
        try {
            check();
        } catch (const Error& error) {
            ERR_clear_error();
            if (error.kind() != ErrorKind::malformed && error.kind() != ErrorKind::crypto) throw;
            fail("malformed", "the signature file cannot be read: " + error.message());
        }
        return std::move(result_);
    }

private:
    void fail(std::string_view code, std::string message) {
        result_.findings.add("signature." + std::string(code), Layer::signature, Weight::failed,
                             std::move(message), where_);
    }

    void check() {
        if (signature_.size() > cms_max_bytes) {
            throw Error(ErrorKind::malformed, "larger than 8 MiB");
        }
        require_der(signature_);
        const CmsSignedData structure = parse_signed_data(signature_);
        const SignedFacts facts = check_shape(structure, where_, result_.findings);
        if (result_.findings.has_failure()) return;
        const CmsHandle cms = parse();
        CMS_SignerInfo* signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms.get()), 0);
        const SignerChain chain = check_certificates(structure, signer, where_, result_.findings);
        if (!chain.signer) return;
        check_reference(*chain.signer, chain.issuers, facts.certificate_reference);
        check_key(*chain.signer);
        check_cryptography(cms.get(), signer, *chain.signer, facts);
        result_.signer = chain.signer;
        result_.intermediates = chain.issuers;
        result_.revocation_lists = chain.lists;
        result_.signing_time = facts.signing_time;
        result_.signature_value.assign(facts.signature.begin(), facts.signature.end());
        result_.time_stamp.assign(facts.time_stamp.begin(), facts.time_stamp.end());
    }

    CmsHandle parse() const {
        const unsigned char* position = signature_.data();
        CmsHandle cms(
            d2i_CMS_ContentInfo(nullptr, &position, static_cast<long>(signature_.size())));
        if (!cms) throw_openssl("not a CMS message");
        const Bytes again = der_of<i2d_CMS_ContentInfo>(cms.get(), "signature");
        if (position != signature_.data() + signature_.size() ||
            as_text(again) != as_text(signature_)) {
            throw Error(ErrorKind::malformed, "differs from its re-encoding");
        }
        return cms;
    }

    // The signer alone, as openssl names it, or with all its issuers inside, as we do. There are
    // few ways to say either, so each is made and compared.
    void check_reference(const Certificate& signer, const std::vector<Certificate>& issuers,
                         ByteView reference) {
        for (const EVP_MD* digest : {EVP_sha256(), EVP_sha384(), EVP_sha512()}) {
            for (const bool with_serials : {true, false}) {
                for (const auto& named : {issuers, std::vector<Certificate>{}}) {
                    const Bytes expected =
                        certificate_reference(signer, named, digest, with_serials);
                    if (as_text(expected) == as_text(reference)) return;
                }
            }
        }
        fail("wrong-reference",
             "the signed reference to the signer's certificate names another one");
    }

    void check_key(const Certificate& signer) {
        const EVP_PKEY* key = X509_get0_pubkey(signer.handle());
        const KeyKind kind = kind_of(key);
        ERR_clear_error();
        if (may_seal(kind)) return;
        fail("weak-algorithm", "the signer's key is not allowed: " + describe_key(key) +
                                   " (expected EC P-256, EC P-384 or RSA of at least 3072 bits)");
    }

    void check_cryptography(CMS_ContentInfo* cms, CMS_SignerInfo* signer,
                            const Certificate& certificate, const SignedFacts& facts) {
        CMS_SignerInfo_set1_signer_cert(signer, certificate.handle());
        if (CMS_SignerInfo_verify(signer) != 1) {
            ERR_clear_error();
            fail("invalid", "the signature does not verify with the signer's key");
            return;
        }
        Hasher hasher(facts.digest_algorithm);
        hasher.update(content_);
        if (as_text(hasher.finish()) != as_text(facts.message_digest)) {
            fail("wrong-content", "the signature is right, but for other content than this");
            return;
        }
        check_with_openssl(cms, certificate);
    }

    // OpenSSL's own verdict over all of it must be the same.
    void check_with_openssl(CMS_ContentInfo* cms, const Certificate& certificate) {
        const CertificateStackView signers(sk_X509_new_null());
        if (!signers || sk_X509_push(signers.get(), certificate.handle()) == 0) {
            throw_openssl("cannot hold certificates");
        }
        const BioHandle content = memory_bio(content_);
        const BioHandle nowhere(BIO_new(BIO_s_null()));
        if (CMS_verify(cms, signers.get(), nullptr, content.get(), nowhere.get(), checking_flags) !=
            1) {
            ERR_clear_error();
            fail("invalid", "the signature does not verify");
        }
    }

    ByteView signature_;
    ByteView content_;
    std::string where_;
    DetachedSignature result_;
};

}  // namespace

DetachedSignature check_detached(ByteView signature, ByteView content, std::string_view where) {
    return SignatureCheck(signature, content, where).run();
}

}  // namespace evidence
