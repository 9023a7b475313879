#include "signature/key_policy.h"

#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include <array>
#include <string_view>

#include "signature/openssl_handles.h"

namespace evidence {
namespace {

std::string group_name(const EVP_PKEY* key) {
    std::array<char, 80> name{};
    if (EVP_PKEY_get_group_name(key, name.data(), name.size(), nullptr) != 1)
        return "unnamed curve";
    return name.data();
}

}  // namespace

KeyKind kind_of(const EVP_PKEY* key) {
    if (!key) return KeyKind::other;
    switch (EVP_PKEY_get_base_id(key)) {
        case EVP_PKEY_RSA:
            return EVP_PKEY_get_bits(key) >= rsa_min_bits ? KeyKind::rsa : KeyKind::weak_rsa;
        case EVP_PKEY_RSA_PSS:
            return EVP_PKEY_get_bits(key) >= rsa_min_bits ? KeyKind::rsa_pss : KeyKind::weak_rsa;
        case EVP_PKEY_EC: {
            const std::string group = group_name(key);
            if (group == "prime256v1") return KeyKind::ec_p256;
            if (group == "secp384r1") return KeyKind::ec_p384;
            return KeyKind::other;
        }
        case EVP_PKEY_ED25519:
            return KeyKind::ed25519;
        default:
            return KeyKind::other;
    }
}

int bound_digest(EVP_PKEY* key) {
    constexpr int mandatory = 2;
    int digest = NID_undef;
    if (kind_of(key) != KeyKind::rsa_pss) return NID_undef;
    return EVP_PKEY_get_default_digest_nid(key, &digest) == mandatory ? digest : NID_undef;
}

std::string describe_key(const EVP_PKEY* key) {
    if (!key) return "unreadable key";
    switch (EVP_PKEY_get_base_id(key)) {
        case EVP_PKEY_RSA:
            return "RSA " + std::to_string(EVP_PKEY_get_bits(key));
        case EVP_PKEY_RSA_PSS:
            return "RSA-PSS " + std::to_string(EVP_PKEY_get_bits(key));
        case EVP_PKEY_EC:
            return "EC " + group_name(key);
        case EVP_PKEY_ED25519:
            return "Ed25519";
        default: {
            const char* name = EVP_PKEY_get0_type_name(key);
            return name ? name : "unknown key type";
        }
    }
}

bool may_sign(X509* certificate) {
    const std::uint32_t usage = X509_get_key_usage(certificate);  // all bits set: no restriction
    return (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}

bool is_time_stamping(X509* certificate) {
    if ((X509_get_extension_flags(certificate) & EXFLAG_XKUSAGE) == 0) return false;
    return (X509_get_extended_key_usage(certificate) & XKU_TIMESTAMP) != 0;
}

bool is_only_time_stamping(X509* certificate) {
    using Usages = std::unique_ptr<EXTENDED_KEY_USAGE, OpenSslDeleter<EXTENDED_KEY_USAGE_free>>;
    int critical = 0;
    const Usages usages(static_cast<EXTENDED_KEY_USAGE*>(
        X509_get_ext_d2i(certificate, NID_ext_key_usage, &critical, nullptr)));
    // OpenSSL's own summary of the usages passes over those it does not know.
    return usages && critical == 1 && sk_ASN1_OBJECT_num(usages.get()) == 1 &&
           OBJ_obj2nid(sk_ASN1_OBJECT_value(usages.get(), 0)) == NID_time_stamp &&
           X509_check_purpose(certificate, X509_PURPOSE_TIMESTAMP_SIGN, 0) == 1;
}

}  // namespace evidence
