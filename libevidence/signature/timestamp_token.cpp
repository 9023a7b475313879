#include "signature/timestamp_token.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <functional>

#include "base/error.h"
#include "base/hex.h"
#include "digest/digest.h"
#include "signature/cms_algorithms.h"
#include "signature/cms_certificates.h"
#include "signature/openssl_handles.h"
#include "signature/timestamp_info.h"

namespace evidence {
namespace {

struct FaultWords {
    std::string_view name;
    Weight weight;
};
// In the order of TimestampFault.
constexpr std::array<FaultWords, 15> fault_words = {{
    {"malformed", Weight::failed},
    {"wrong-content", Weight::failed},
    {"bad-signature", Weight::failed},
    {"wrong-certificate", Weight::failed},
    {"weak-algorithm", Weight::failed},
    {"no-chain", Weight::indeterminate},
    {"chain-failure", Weight::indeterminate},
    {"wrong-usage", Weight::failed},
    {"expired", Weight::failed},
    {"not-yet-valid", Weight::failed},
    {"revoked", Weight::failed},
    {"revoked-later", Weight::indeterminate},
    {"issuer-revoked", Weight::indeterminate},
    {"authority-expired", Weight::indeterminate},
    {"algorithm-expired", Weight::indeterminate},
}};

struct PathFault {
    std::string_view code;
    TimestampFault fault;
};
// What TrustStore::check finds at the time of stamping; any other code is a chain that fails.
constexpr PathFault path_faults[] = {
    {"certificate.no-chain", TimestampFault::no_chain},
    {"certificate.expired", TimestampFault::expired},
    {"certificate.not-yet-valid", TimestampFault::not_yet_valid},
    {"certificate.revoked", TimestampFault::revoked},
    {"certificate.revoked-later", TimestampFault::revoked_later},
    {"certificate.issuer-revoked", TimestampFault::issuer_revoked},
    {"certificate.algorithm-expired", TimestampFault::algorithm_expired},
    {"certificate.wrong-usage", TimestampFault::wrong_usage},
    {"certificate.weak-key", TimestampFault::weak_algorithm},
    {"certificate.bad-signature", TimestampFault::bad_signature},
};

// And what it finds only at the time from which on the token is known to exist.
constexpr PathFault later_faults[] = {
    {"certificate.expired", TimestampFault::authority_expired},
    {"certificate.revoked", TimestampFault::revoked_later},
    {"certificate.issuer-revoked", TimestampFault::issuer_revoked},
    {"certificate.algorithm-expired", TimestampFault::algorithm_expired},
};

using NameHandle = std::unique_ptr<GENERAL_NAME, OpenSslDeleter<GENERAL_NAME_free>>;
using NamesHandle = std::unique_ptr<GENERAL_NAMES, OpenSslDeleter<GENERAL_NAMES_free>>;
using ReferenceHandle = std::unique_ptr<ESS_SIGNING_CERT, OpenSslDeleter<ESS_SIGNING_CERT_free>>;
using ReferenceV2Handle =
    std::unique_ptr<ESS_SIGNING_CERT_V2, OpenSslDeleter<ESS_SIGNING_CERT_V2_free>>;

// RFC 3161 section 2.4.2: the name in the token is one of those in the certificate.
bool is_named(const Certificate& certificate, ByteView general_name) {
    const unsigned char* position = general_name.data();
    const NameHandle name(
        d2i_GENERAL_NAME(nullptr, &position, static_cast<long>(general_name.size())));
    if (!name) return false;
    if (name->type == GEN_DIRNAME &&
        X509_NAME_cmp(name->d.directoryName, X509_get_subject_name(certificate.handle())) == 0) {
        return true;
    }
    const NamesHandle others(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate.handle(), NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; i < sk_GENERAL_NAME_num(others.get()); ++i) {
        if (GENERAL_NAME_cmp(name.get(), sk_GENERAL_NAME_value(others.get(), i)) == 0) return true;
    }
    return false;
}

constexpr std::string_view der_null{"\x05\x00", 2};

using DigestOf = std::function<std::optional<Bytes>(Algorithm)>;

class TokenCheck {
public:
    TokenCheck(ByteView token, const DigestOf& expected, const TrustStore& authorities,
               std::optional<UtcTime> known_at)
        : token_(token), expected_(expected), authorities_(authorities), known_at_(known_at) {}

    TimestampCheck run() {
        try {
            check();
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::malformed && error.kind() != ErrorKind::crypto) throw;
            note(TimestampFault::malformed, "not a time-stamp token: " + error.message());
        }
        ERR_clear_error();
        return std::move(result_);
    }

private:
    void note(TimestampFault fault, std::string message) {
        result_.problems.push_back({fault, std::move(message)});
    }
    [[noreturn]] static void refuse(const char* message) {
        throw Error(ErrorKind::malformed, message);
    }

    void check() {
        if (token_.size() > timestamp_token_max_bytes) refuse("larger than 8 MiB");
        structure_ = parse_timestamp_token(token_);
        const TimestampInfo info = timestamp_info_of(structure_);
        if (structure_.signers.size() != 1) refuse("not signed by exactly one authority");
        check_frame();
        check_attributes();
        check_imprint(info);
        const CmsHandle cms = parse();
        CMS_SignerInfo* signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms.get()), 0);
        const auto tsa = find_authority(signer);
        if (!tsa) return;
        result_.facts.emplace(TimestampFacts{info.time, info.accuracy_ms, dotted(info.policy),
                                             to_hex(info.serial), *tsa});
        lists_ = revocation_lists_in(structure_);
        check_algorithms();
        check_reference(*tsa);
        check_name(*tsa, info);
        check_cryptography(cms.get(), signer, *tsa);
        check_path(*tsa, info.time);
    }

    CmsHandle parse() const {
        const unsigned char* position = token_.data();
        CmsHandle cms(d2i_CMS_ContentInfo(nullptr, &position, static_cast<long>(token_.size())));
        if (!cms) throw_openssl("not a CMS message");
        return cms;
    }

    const CmsSigner& signer() const { return structure_.signers.front(); }

    // The one value of a signed attribute; nullopt when there is no such attribute.
    std::optional<DerElement> attribute(std::string_view id, const char* name) const {
        std::optional<DerElement> found;
        for (const CmsAttribute& attribute : signer().signed_attributes) {
            if (attribute.id != id) continue;
            if (found || attribute.values.size() != 1) {
                throw Error(ErrorKind::malformed,
                            std::string("the signed attribute ") + name + " has not its one value");
            }
            found = attribute.values.front();
        }
        return found;
    }

    // What no signature covers has one right form (RFC 5652 sections 5.1 and 5.3).
    void check_frame() const {
        if (structure_.version != 3 || signer().version != (signer().issuer ? 1 : 3)) {
            refuse("the version numbers are not the right ones");
        }
        bool has_right_one = false;
        for (const DerElement& element : structure_.digest_algorithms) {
            const CmsAlgorithm algorithm = parse_algorithm(element);
            if (algorithm.parameters && as_text(algorithm.parameters->whole) != der_null) {
                refuse("a digest algorithm with parameters");
            }
            has_right_one = has_right_one || algorithm.id == signer().digest_algorithm.id;
        }
        if (!has_right_one) refuse("the digest algorithm is not the one announced");
    }

    void check_attributes() const {
        const auto type = attribute(object_id::content_type, "content-type");
        if (!type || as_text(type->content) != object_id::timestamp_info) {
            refuse("its signed content-type is not that of a time-stamp");
        }
        if (!attribute(object_id::message_digest, "message-digest")) {
            refuse("the signed attribute message-digest is missing");
        }
    }

    void check_imprint(const TimestampInfo& info) {
        const auto algorithm = allowed_digest(info.imprint_algorithm);
        if (!algorithm) {
            note(TimestampFault::weak_algorithm,
                 "the digest algorithm of the stamped data, " + dotted(info.imprint_algorithm.id) +
                     ", is not allowed (expected SHA-256 or better)");
            return;
        }
        const auto expected = expected_(*algorithm);
        if (!expected || as_text(*expected) != as_text(info.imprint)) {
            note(TimestampFault::wrong_content, "the time-stamp was made for other data than this");
        }
    }

    // The certificate that the signer is named by; the others inside are kept as issuers.
    std::optional<Certificate> find_authority(CMS_SignerInfo* signer) {
        if (structure_.certificates.size() > cms_max_certificates) refuse("too many certificates");
        std::optional<Certificate> found;
        for (const DerElement& element : structure_.certificates) {
            if (element.tag != der::sequence) continue;
            Certificate certificate = Certificate::from_der(element.whole, "inside");
            if (!found && CMS_SignerInfo_cert_cmp(signer, certificate.handle()) == 0) {
                found = certificate;
            } else {
                others_.push_back(std::move(certificate));
            }
        }
        if (!found) {
            note(TimestampFault::wrong_certificate,
                 "the certificate of the authority is not inside the time-stamp");
        }
        return found;
    }

    void check_algorithms() {
        const auto digest = allowed_digest(signer().digest_algorithm);
        if (digest &&
            signature_fault(signer().signature_algorithm, *digest, PssSalt::at_least_digest)
                .empty()) {
            return;
        }
        note(TimestampFault::weak_algorithm,
             "the authority signs by an algorithm that is not "
             "allowed (expected ECDSA or RSA over SHA-256 or "
             "better)");
    }

    // RFC 5816: the authority signs which certificate it means, in the old form or the new.
    void check_reference(const Certificate& tsa) {
        const auto old_form = attribute(object_id::signing_certificate, "signing-certificate");
        const auto new_form =
            attribute(object_id::signing_certificate_v2, "signing-certificate-v2");
        const ReferenceHandle reference = decode<ReferenceHandle, d2i_ESS_SIGNING_CERT>(old_form);
        const ReferenceV2Handle reference_v2 =
            decode<ReferenceV2Handle, d2i_ESS_SIGNING_CERT_V2>(new_form);
        const CertificateStackView chain(sk_X509_new_null());
        if (!chain || sk_X509_push(chain.get(), tsa.handle()) == 0) {
            throw_openssl("cannot hold certificates");
        }
        if (OSSL_ESS_check_signing_certs(reference.get(), reference_v2.get(), chain.get(), 1) !=
            1) {
            note(TimestampFault::wrong_certificate,
                 "the authority did not sign which certificate is its own, or means another: " +
                     tsa.subject());
        }
    }

    template <typename Handle, auto decoder>
    static Handle decode(const std::optional<DerElement>& value) {
        if (!value) return nullptr;
        const unsigned char* position = value->whole.data();
        Handle object(decoder(nullptr, &position, static_cast<long>(value->whole.size())));
        if (!object) throw_openssl("the reference to the authority's certificate is unreadable");
        return object;
    }

    void check_name(const Certificate& tsa, const TimestampInfo& info) {
        if (!info.tsa || is_named(tsa, *info.tsa)) return;
        note(TimestampFault::wrong_certificate,
             "the time-stamp names another authority than its certificate does: " + tsa.subject());
    }

    void check_cryptography(CMS_ContentInfo* cms, CMS_SignerInfo* signer, const Certificate& tsa) {
        CMS_SignerInfo_set1_signer_cert(signer, tsa.handle());
        const CertificateStackView signers(sk_X509_new_null());
        if (!signers || sk_X509_push(signers.get(), tsa.handle()) == 0) {
            throw_openssl("cannot hold certificates");
        }
        const BioHandle nowhere(BIO_new(BIO_s_null()));
        constexpr unsigned int flags = CMS_BINARY | CMS_NO_SIGNER_CERT_VERIFY | CMS_NOINTERN;
        if (CMS_verify(cms, signers.get(), nullptr, nullptr, nowhere.get(), flags) == 1) return;
        note(TimestampFault::bad_signature,
             "the key of the authority did not make this time-stamp: " + tsa.subject());
    }

    Findings path_at(const Certificate& tsa, UtcTime at) const {
        return authorities_.check(tsa, others_, at, TrustStore::Usage::time_stamping, {}, lists_);
    }

    void check_path(const Certificate& tsa, UtcTime stamped_at) {
        const Findings then = path_at(tsa, stamped_at);
        for (const Finding& finding : then.all()) {
            if (finding.weight == Weight::info) continue;
            if (known_at_ && finding.code == "certificate.revoked-later") continue;
            const auto* known =
                std::find_if(std::begin(path_faults), std::end(path_faults),
                             [&](const PathFault& one) { return one.code == finding.code; });
            note(known == std::end(path_faults) ? TimestampFault::chain_failure : known->fault,
                 finding.message);
        }
        if (known_at_ && *known_at_ > stamped_at) check_until_known(tsa, then);
    }

    void check_until_known(const Certificate& tsa, const Findings& then) {
        const Findings later = path_at(tsa, *known_at_);
        for (const Finding& finding : later.all()) {
            for (const PathFault& one : later_faults) {
                if (one.code == finding.code && !then.has(one.code))
                    note(one.fault, finding.message);
            }
        }
    }

    ByteView token_;
    const DigestOf& expected_;
    const TrustStore& authorities_;
    const std::optional<UtcTime> known_at_;
    CmsSignedData structure_;
    std::vector<Certificate> others_;
    std::vector<RevocationList> lists_;
    TimestampCheck result_;
};

const FaultWords& words_of(TimestampFault fault) {
    return fault_words[static_cast<std::size_t>(fault)];
}

}  // namespace

std::string_view name_of(TimestampFault fault) { return words_of(fault).name; }

Weight weight_of(TimestampFault fault) { return words_of(fault).weight; }

std::string describe(const TimestampFacts& facts) {
    const std::string accuracy = facts.accuracy_ms
                                     ? "to " + std::to_string(*facts.accuracy_ms) + " ms"
                                     : std::string("accuracy not said");
    return format_utc(facts.time) + " says " + facts.tsa.subject() + " (" + accuracy + ", policy " +
           facts.policy + ")";
}

TimestampCheck check_timestamp(ByteView token, ByteView content, const TrustStore& authorities,
                               std::optional<UtcTime> known_at) {
    const DigestOf digest = [content](Algorithm algorithm) {
        Hasher hasher(algorithm);
        hasher.update(content);
        return std::optional(hasher.finish());
    };
    return TokenCheck(token, digest, authorities, known_at).run();
}

TimestampCheck check_timestamp(ByteView token, Algorithm algorithm, ByteView digest,
                               const TrustStore& authorities, std::optional<UtcTime> known_at) {
    const DigestOf expected = [&](Algorithm asked) {
        return asked == algorithm ? std::optional(Bytes(digest.begin(), digest.end()))
                                  : std::nullopt;
    };
    return TokenCheck(token, expected, authorities, known_at).run();
}

}  // namespace evidence
