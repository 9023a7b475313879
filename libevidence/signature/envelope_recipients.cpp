#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/error.h"
#include "signature/envelope.h"
#include "signature/key_policy.h"
#include "signature/openssl_handles.h"
#include "signature/pkcs11_key.h"

namespace evidence {
namespace {

constexpr const char* recipient_hint =
    "ask for an EC P-256 certificate with key usage keyAgreement or an RSA one of at least 3072 "
    "bits with keyEncipherment";

void require(bool done) {
    if (!done) throw_openssl("cannot encrypt to recipients");
}

// What OpenSSL would choose by itself is PKCS#1 v1.5 for RSA and SHA-1 for the ECDH key derivation.
void set_key_encryption(EVP_PKEY_CTX* parameters, KeyKind kind) {
    require(parameters != nullptr);
    if (kind == KeyKind::rsa) {
        require(EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_OAEP_PADDING) == 1 &&
                EVP_PKEY_CTX_set_rsa_oaep_md(parameters, EVP_sha256()) == 1 &&
                EVP_PKEY_CTX_set_rsa_mgf1_md(parameters, EVP_sha256()) == 1);
    } else {
        require(EVP_PKEY_CTX_set_ecdh_kdf_md(parameters, EVP_sha256()) == 1);
    }
}

void add_recipient(CMS_ContentInfo* cms, const Certificate& certificate) {
    require_recipient(certificate);
    CMS_RecipientInfo* recipient =
        CMS_add1_recipient_cert(cms, certificate.handle(), CMS_KEY_PARAM);
    require(recipient != nullptr);
    set_key_encryption(CMS_RecipientInfo_get0_pkey_ctx(recipient),
                       kind_of(X509_get0_pubkey(certificate.handle())));
}

bool is_authenticated_envelope(const CMS_ContentInfo* cms) {
    return OBJ_obj2nid(CMS_get0_type(cms)) == NID_id_smime_ct_authEnvelopedData;
}

bool is_addressed_to(CMS_RecipientInfo* recipient, X509* certificate) {
    if (CMS_RecipientInfo_type(recipient) == CMS_RECIPINFO_TRANS) {
        return CMS_RecipientInfo_ktri_cert_cmp(recipient, certificate) == 0;
    }
    if (CMS_RecipientInfo_type(recipient) != CMS_RECIPINFO_AGREE) return false;
    STACK_OF(CMS_RecipientEncryptedKey)* keys = CMS_RecipientInfo_kari_get0_reks(recipient);
    for (int i = 0; i < sk_CMS_RecipientEncryptedKey_num(keys); ++i) {
        CMS_RecipientEncryptedKey* key = sk_CMS_RecipientEncryptedKey_value(keys, i);
        if (CMS_RecipientEncryptedKey_cert_cmp(key, certificate) == 0) return true;
    }
    return false;
}

void require_addressed_to(CMS_ContentInfo* cms, const Certificate& certificate,
                          std::string_view where) {
    STACK_OF(CMS_RecipientInfo)* recipients = CMS_get0_RecipientInfos(cms);
    const int count = sk_CMS_RecipientInfo_num(recipients);
    for (int i = 0; i < count && i < static_cast<int>(envelope_max_recipients); ++i) {
        if (is_addressed_to(sk_CMS_RecipientInfo_value(recipients, i), certificate.handle())) {
            return;
        }
    }
    ERR_clear_error();
    throw Error(ErrorKind::crypto,
                "not encrypted to certificate: " + certificate.subject() + " (" +
                    std::string(where) + " is for " + std::to_string(count) + " other recipients)",
                "give the certificate the sender encrypted to, and its key");
}

CmsHandle read_envelope(ByteView der, std::string_view where) {
    const unsigned char* position = der.data();
    CmsHandle cms;
    if (der.size() <= envelope_max_plain_bytes) {
        cms.reset(d2i_CMS_ContentInfo(nullptr, &position, static_cast<long>(der.size())));
    }
    ERR_clear_error();
    if (!cms || position != der.data() + der.size() || !is_authenticated_envelope(cms.get())) {
        throw Error(ErrorKind::malformed, "not an encrypted key: " + std::string(where) +
                                              " (expected CMS AuthEnvelopedData in DER)");
    }
    return cms;
}

// An altered message and a token that will not do it both end in a failure; only the second one has
// said so. Empties OpenSSL's error queue.
void refuse_unable_token(const PrivateKey& key, std::string_view where) {
    while (const unsigned long code = ERR_get_error()) {
        const char* library = ERR_lib_error_string(code);
        const char* reason = ERR_reason_error_string(code);
        if (!is_on_token(key) || !library || !std::string_view(library).starts_with("PKCS#11")) {
            continue;
        }
        ERR_clear_error();
        throw Error(ErrorKind::unsupported,
                    "the token cannot open what is encrypted to its key: " + std::string(where) +
                        " (" + (reason ? reason : "no reason given") + ")",
                    "the key has to allow ECDH (CKA_DERIVE) or RSA-OAEP with SHA-256 "
                    "(CKA_DECRYPT)");
    }
}

}  // namespace

void require_recipient(const Certificate& certificate) {
    const EVP_PKEY* key = X509_get0_pubkey(certificate.handle());
    const KeyKind kind = kind_of(key);
    if (kind != KeyKind::rsa && kind != KeyKind::ec_p256 && kind != KeyKind::ec_p384) {
        ERR_clear_error();
        throw Error(ErrorKind::crypto,
                    "cannot encrypt to certificate: " + certificate.subject() +
                        " (expected EC P-256, EC P-384 or RSA of at least 3072 bits, found " +
                        describe_key(key) + ")",
                    recipient_hint);
    }
    const std::uint32_t needed = kind == KeyKind::rsa ? KU_KEY_ENCIPHERMENT : KU_KEY_AGREEMENT;
    if ((X509_get_key_usage(certificate.handle()) & needed) != 0) return;
    throw Error(ErrorKind::crypto,
                "certificate is not for encryption: " + certificate.subject() +
                    " (expected key usage " +
                    (kind == KeyKind::rsa ? "keyEncipherment)" : "keyAgreement)"),
                recipient_hint);
}

Bytes encrypt_to_recipients(ByteView plain, const std::vector<Certificate>& recipients) {
    if (recipients.empty() || recipients.size() > envelope_max_recipients) {
        throw Error(ErrorKind::usage,
                    "wrong number of recipients: " + std::to_string(recipients.size()) +
                        " (expected 1 to 64)");
    }
    if (plain.size() > envelope_max_plain_bytes) {
        throw Error(ErrorKind::usage, "too much for one envelope (expected at most 256 MiB)");
    }
    const CmsHandle cms(CMS_AuthEnvelopedData_create(EVP_aes_256_gcm()));
    require(cms != nullptr && CMS_set_detached(cms.get(), 0) == 1);
    for (const Certificate& recipient : recipients) add_recipient(cms.get(), recipient);
    const BioHandle source = memory_bio(plain);
    require(CMS_final(cms.get(), source.get(), nullptr, CMS_BINARY) == 1);
    require(is_authenticated_envelope(cms.get()));
    return der_of<i2d_CMS_ContentInfo>(cms.get(), "encrypted message");
}

Bytes decrypt_with_key(ByteView der, const PrivateKey& key, const Certificate& certificate,
                       std::string_view where) {
    const CmsHandle cms = read_envelope(der, where);
    require_addressed_to(cms.get(), certificate, where);
    const BioHandle plain(BIO_new(BIO_s_mem()));
    if (!plain) throw_openssl("cannot hold a message in memory");
    const bool opened =
        CMS_decrypt_set1_pkey(cms.get(), key.handle(), certificate.handle()) == 1 &&
        CMS_decrypt(cms.get(), nullptr, nullptr, nullptr, plain.get(), CMS_BINARY) == 1;
    if (!opened) {
        refuse_unable_token(key, where);
        throw Error(ErrorKind::refused, "altered, or the key does not fit: " + std::string(where));
    }
    ERR_clear_error();
    const std::string text = text_of(plain.get());
    return {text.begin(), text.end()};
}

}  // namespace evidence
