#include <openssl/rsa.h>

#include "base/error.h"
#include "signature/certificate_reference.h"
#include "signature/cms_signature.h"
#include "signature/key_policy.h"
#include "signature/openssl_handles.h"

namespace evidence {
namespace {

using TimeHandle = std::unique_ptr<ASN1_TIME, OpenSslDeleter<ASN1_TIME_free>>;

// CMS_CADES is missing because all it does is to add a reference to the signer's certificate; ours
// names the issuers as well.
constexpr unsigned int signing_flags = CMS_BINARY | CMS_DETACHED | CMS_PARTIAL | CMS_NOSMIMECAP;

void require(bool done) {
    if (!done) throw_openssl("cannot sign");
}

// As strong as the key and no stronger.
const EVP_MD* digest_for(EVP_PKEY* key) {
    if (const int bound = bound_digest(key); bound != NID_undef) return EVP_get_digestbynid(bound);
    return kind_of(key) == KeyKind::ec_p384 ? EVP_sha384() : EVP_sha256();
}

// RSASSA-PSS with a salt as long as the digest (RFC 4056): the padding with a security proof, and
// stock `openssl cms -verify` reads it.
void choose_padding(CMS_SignerInfo* signer, const EVP_PKEY* key) {
    if (kind_of(key) != KeyKind::rsa && kind_of(key) != KeyKind::rsa_pss) return;
    EVP_PKEY_CTX* parameters = CMS_SignerInfo_get0_pkey_ctx(signer);
    require(parameters && EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1 &&
            EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1);
}

// Given by us, so that OpenSSL does not ask the clock. UTCTime until 2049, GeneralizedTime after
// (RFC 5652 section 11.3).
void add_signing_time(CMS_SignerInfo* signer, UtcTime at) {
    const TimeHandle time(ASN1_TIME_adj(nullptr, at.seconds_rounded_up(), 0, 0));
    require(time && CMS_signed_add1_attr_by_NID(signer, NID_pkcs9_signingTime, time->type,
                                                time.get(), -1) == 1);
}

// Issuers up to, but without, the trust anchor: who verifies has that from elsewhere.
std::vector<Certificate> issuers_to_include(const SigningIdentity& identity) {
    std::vector<Certificate> issuers = issuing_path(identity.certificate, identity.chain);
    if (!issuers.empty() && issuers.back().is_self_issued()) issuers.pop_back();
    return issuers;
}

void add_certificates(CMS_ContentInfo* cms, CMS_SignerInfo* signer, const SigningIdentity& identity,
                      const EVP_MD* digest) {
    const std::vector<Certificate> issuers = issuers_to_include(identity);
    for (const Certificate& issuer : issuers) require(CMS_add1_cert(cms, issuer.handle()) == 1);
    const Bytes reference = certificate_reference(identity.certificate, issuers, digest, true);
    require(CMS_signed_add1_attr_by_NID(signer, NID_id_smime_aa_signingCertificateV2,
                                        V_ASN1_SEQUENCE, reference.data(),
                                        static_cast<int>(reference.size())) == 1);
}

// What we would not accept ourselves must not leave the house.
void require_acceptable(ByteView signature, ByteView content, const SigningIdentity& identity) {
    const DetachedSignature checked = check_detached(signature, content, "new signature");
    if (!checked.findings.has_failure()) return;
    for (const Finding& finding : checked.findings.all()) {
        if (finding.weight != Weight::failed) continue;
        throw Error(ErrorKind::crypto,
                    "cannot sign with certificate: " + identity.certificate.subject() +
                        " (the signature would not be accepted: " + finding.message + ")");
    }
}

}  // namespace

Bytes sign_detached(ByteView content, const SigningIdentity& identity, UtcTime at,
                    const std::vector<RevocationList>& lists) {
    EVP_PKEY* key = identity.key.handle();
    const EVP_MD* digest = digest_for(key);
    const CmsHandle cms(CMS_sign(nullptr, nullptr, nullptr, nullptr, signing_flags));
    require(cms != nullptr);
    CMS_SignerInfo* signer = CMS_add1_signer(cms.get(), identity.certificate.handle(), key, digest,
                                             signing_flags | CMS_KEY_PARAM);
    require(signer != nullptr);
    choose_padding(signer, key);
    add_signing_time(signer, at);
    add_certificates(cms.get(), signer, identity, digest);
    for (const RevocationList& list : lists) {
        require(CMS_add1_crl(cms.get(), list.handle()) == 1);
    }
    const BioHandle source = memory_bio(content);
    require(CMS_final(cms.get(), source.get(), nullptr, signing_flags) == 1);
    Bytes signature = der_of<i2d_CMS_ContentInfo>(cms.get(), "signature");
    require_acceptable(signature, content, identity);
    return signature;
}

Bytes with_time_stamp(ByteView signature, ByteView token) {
    const unsigned char* position = signature.data();
    const CmsHandle cms(
        d2i_CMS_ContentInfo(nullptr, &position, static_cast<long>(signature.size())));
    require(cms != nullptr);
    CMS_SignerInfo* signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms.get()), 0);
    require(signer &&
            CMS_unsigned_add1_attr_by_NID(signer, NID_id_smime_aa_timeStampToken, V_ASN1_SEQUENCE,
                                          token.data(), static_cast<int>(token.size())) == 1);
    return der_of<i2d_CMS_ContentInfo>(cms.get(), "signature");
}

}  // namespace evidence
