#include "signature/path_validation.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <exception>
#include <optional>

#include "signature/algorithm_policy.h"
#include "signature/key_policy.h"

namespace evidence {
namespace {

// RSA and DSA from 2048 bits, EC from 224, no SHA-1 or MD5 signatures on the way to the anchor.
// What signs itself must be stronger; TrustStore looks at that.
constexpr int security_level = 2;

struct Objection {
    int error;
    const char* code;
    Weight weight;
    const char* message;
};
constexpr Objection objections[] = {
    {X509_V_ERR_CERT_HAS_EXPIRED, "expired", Weight::failed, "the certificate had expired"},
    {X509_V_ERR_CERT_NOT_YET_VALID, "not-yet-valid", Weight::failed,
     "the certificate was not valid yet"},
    {X509_V_ERR_CERT_SIGNATURE_FAILURE, "bad-signature", Weight::failed,
     "the certificate was altered, its issuer did not sign it"},
    {X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE, "bad-signature", Weight::failed,
     "the certificate was altered, its issuer did not sign it"},
    {X509_V_ERR_EE_KEY_TOO_SMALL, "weak-key", Weight::failed, "the key is too weak"},
    {X509_V_ERR_CA_KEY_TOO_SMALL, "weak-key", Weight::failed, "the key is too weak"},
    {X509_V_ERR_CA_MD_TOO_WEAK, "weak-key", Weight::failed,
     "the certificate is signed over a digest that is too weak"},
    {X509_V_ERR_INVALID_CA, "wrong-usage", Weight::failed, "the certificate may not issue others"},
    {X509_V_ERR_KEYUSAGE_NO_CERTSIGN, "wrong-usage", Weight::failed,
     "the certificate may not issue others"},
    {X509_V_ERR_PATH_LENGTH_EXCEEDED, "wrong-usage", Weight::failed,
     "the certificate may not issue that deep"},
    {X509_V_ERR_CRL_SIGNATURE_FAILURE, "bad-revocation-list", Weight::indeterminate,
     "the revocation list at hand was not signed by the issuer of the certificate"},
    {X509_V_ERR_UNABLE_TO_DECRYPT_CRL_SIGNATURE, "bad-revocation-list", Weight::indeterminate,
     "the revocation list at hand was not signed by the issuer of the certificate"},
    {X509_V_ERR_KEYUSAGE_NO_CRL_SIGN, "bad-revocation-list", Weight::indeterminate,
     "the issuer of the revocation list may not issue any"},
    {X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER, "bad-revocation-list", Weight::indeterminate,
     "the issuer of the revocation list is unknown"},
    {X509_V_ERR_CRL_PATH_VALIDATION_ERROR, "bad-revocation-list", Weight::indeterminate,
     "the issuer of the revocation list is not to be trusted"},
    {X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION, "bad-revocation-list", Weight::indeterminate,
     "the revocation list has an extension we cannot judge"},
};

bool is_missing_chain(int error) {
    switch (error) {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
        case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
        case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
        case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        case X509_V_ERR_CERT_CHAIN_TOO_LONG:
        case X509_V_ERR_CERT_UNTRUSTED:
            return true;
        default:
            return false;
    }
}

// No list of that issuer, or one that is older or newer than the time asked about: what it says
// about revocation counts, and it is never taken as proof that nothing was revoked.
bool is_no_objection(int error) {
    switch (error) {
        case X509_V_OK:
        case X509_V_ERR_CERT_REVOKED:  // every list is asked later
        case X509_V_ERR_UNABLE_TO_GET_CRL:
        case X509_V_ERR_CRL_NOT_YET_VALID:
        case X509_V_ERR_CRL_HAS_EXPIRED:
        case X509_V_ERR_DIFFERENT_CRL_SCOPE:
            return true;
        default:
            return false;
    }
}

class PathValidation {
public:
    PathValidation(const PathQuestion& question, Findings& findings)
        : question_(question), findings_(findings) {}

    void run() {
        const StoreHandle store(X509_STORE_new());
        const StoreContextHandle context(X509_STORE_CTX_new());
        const CertificateStackView others(sk_X509_new_null());
        if (!store || !context || !others) throw_openssl("cannot check a certificate");
        fill(store.get(), others.get());
        if (X509_STORE_CTX_init(context.get(), store.get(), question_.certificate.handle(),
                                others.get()) != 1) {
            throw_openssl("cannot check a certificate");
        }
        set_rules(context.get());
        const int verified = X509_verify_cert(context.get());
        if (failure_) std::rethrow_exception(failure_);
        if (verified != 1 && !objected_) {
            throw_openssl("cannot check certificate: " + question_.certificate.subject());
        }
        take_chain(context.get());
        check_issuers();
        check_keys();
        check_revocation();
        ERR_clear_error();
    }

private:
    void fill(X509_STORE* store, STACK_OF(X509) * others) const {
        for (const Certificate& anchor : question_.anchors) {
            if (X509_STORE_add_cert(store, anchor.handle()) != 1) {
                throw_openssl("cannot trust certificate: " + anchor.subject());
            }
        }
        for (const RevocationList& list : question_.lists) {
            if (X509_STORE_add_crl(store, list.handle()) != 1) {
                throw_openssl("cannot use a revocation list");
            }
        }
        const std::size_t count = std::min(question_.intermediates.size(), path_max_intermediates);
        for (std::size_t i = 0; i < count; ++i) {
            if (sk_X509_push(others, question_.intermediates[i].handle()) == 0) {
                throw_openssl("cannot hold certificates");
            }
        }
    }

    void set_rules(X509_STORE_CTX* context) {
        unsigned long flags = X509_V_FLAG_PARTIAL_CHAIN | X509_V_FLAG_CHECK_SS_SIGNATURE;
        if (!question_.lists.empty()) {
            flags |= X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL;
        }
        X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context);
        X509_VERIFY_PARAM_set_flags(rules, flags);
        X509_VERIFY_PARAM_set_time(rules, question_.at.seconds());
        X509_VERIFY_PARAM_set_depth(rules, path_max_depth);
        X509_VERIFY_PARAM_set_auth_level(rules, security_level);
        X509_STORE_CTX_set_app_data(context, this);
        X509_STORE_CTX_set_verify_cb(context, on_objection);
    }

    // Called by OpenSSL for each objection; going on collects them all.
    static int on_objection(int ok, X509_STORE_CTX* context) noexcept {
        if (ok == 1) return 1;
        auto* self = static_cast<PathValidation*>(X509_STORE_CTX_get_app_data(context));
        try {
            self->take(context);
            return 1;
        } catch (...) {
            self->failure_ = std::current_exception();
            return 0;
        }
    }

    void take(X509_STORE_CTX* context) {
        const int error = X509_STORE_CTX_get_error(context);
        X509* current = X509_STORE_CTX_get_current_cert(context);
        note(error, current ? Certificate(current) : question_.certificate);
    }

    void note(int error, const Certificate& about) {
        if (is_no_objection(error)) return;
        if (is_missing_chain(error)) {
            note_missing_chain();
            return;
        }
        for (const Objection& objection : objections) {
            if (objection.error != error) continue;
            add(objection.code, objection.weight, objection.message, about);
            return;
        }
        add("not-acceptable", Weight::failed,
            std::string("the certificate breaks a rule (") + X509_verify_cert_error_string(error) +
                ")",
            about);
    }

    // OpenSSL may object several times to the same; it is said once.
    void note_missing_chain() {
        objected_ = true;
        if (findings_.has("certificate.no-chain")) return;
        const std::string who = question_.certificate.subject();
        findings_.add("certificate.no-chain", Layer::identity, Weight::indeterminate,
                      question_.anchors.empty()
                          ? "no trust anchor was given, so nobody vouches for " + who
                          : "no chain leads from a given trust anchor to " + who,
                      std::string(question_.where));
    }

    void add(const std::string& code, Weight weight, const std::string& message,
             const Certificate& about, const std::string& span) {
        objected_ = true;
        const Finding finding{"certificate." + code, Layer::identity, weight,
                              message + ": " + about.subject() + span,
                              std::string(question_.where)};
        for (const Finding& other : findings_.all()) {
            if (other.code == finding.code && other.message == finding.message) return;
        }
        findings_.add(finding);
    }

    void add(const std::string& code, Weight weight, const std::string& message,
             const Certificate& about) {
        add(code, weight, message, about, span_of(code, about));
    }

    std::string span_of(const std::string& code, const Certificate& about) const {
        if (code == "expired") {
            return " (valid until " + format_utc(about.not_after()) + ", asked about " +
                   format_utc(question_.at) + ")";
        }
        if (code == "not-yet-valid") {
            return " (valid from " + format_utc(about.not_before()) + ", asked about " +
                   format_utc(question_.at) + ")";
        }
        return {};
    }

    void take_chain(X509_STORE_CTX* context) {
        const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context);
        for (int i = 0; i < sk_X509_num(chain); ++i) chain_.emplace_back(sk_X509_value(chain, i));
        from_outside_ = static_cast<std::size_t>(X509_STORE_CTX_get_num_untrusted(context));
    }

    // OpenSSL lets certificates without basic constraints issue others, for old times' sake. An
    // anchor may be that old, since it is trusted as it stands; what it issued may not.
    void check_issuers() {
        for (std::size_t i = 1; i < std::min(chain_.size(), from_outside_); ++i) {
            if (X509_check_ca(chain_[i].handle()) != 1) note(X509_V_ERR_INVALID_CA, chain_[i]);
        }
    }

    // OpenSSL knows how strong a key is, not until when that was enough.
    void check_keys() {
        for (std::size_t i = 0; i < std::min(chain_.size(), from_outside_); ++i) {
            const EVP_PKEY* key = X509_get0_pubkey(chain_[i].handle());
            const auto end = end_of_use(key);
            if (!end || question_.at < *end) continue;
            add("algorithm-expired", Weight::indeterminate,
                "the key (" + describe_key(key) + ") is not good any more since " +
                    format_utc(*end) + ", asked about " + format_utc(question_.at),
                chain_[i]);
        }
    }

    // OpenSSL asks one list of each issuer, the one in force at the time in question. A newer one
    // may know more about that time.
    void check_revocation() {
        for (std::size_t i = 0; i + 1 < chain_.size(); ++i) {
            std::optional<UtcTime> since;
            for (const auto* lists : {&question_.lists, &question_.lists_inside}) {
                for (const RevocationList& list : *lists) {
                    if (!list.is_named_after(chain_[i + 1])) continue;
                    if (!list.is_signed_by(chain_[i + 1]) && !is_signed_by_other_key(list)) {
                        if (lists == &question_.lists) {
                            note(X509_V_ERR_CRL_SIGNATURE_FAILURE, chain_[i]);
                        }
                        continue;
                    }
                    if (const auto date = list.revoked_since(chain_[i])) {
                        since = std::min(since.value_or(*date), *date);
                    } else if (i == 0 && is_in_force(list)) {
                        unrevoked_by_ = list;
                    }
                }
            }
            if (since) report_revocation(i, *since);
            if (i == 0 && !since && unrevoked_by_) report_no_revocation();
        }
    }

    // An authority that was given a new key goes on to revoke what it issued with the old one; its
    // lists then name the new key and OpenSSL passes them over (RFC 5280 section 6.3.3 (f)).
    bool is_signed_by_other_key(const RevocationList& list) const {
        const auto may_list = [&list](const Certificate& issuer) {
            return list.is_signed_by(issuer) &&
                   (X509_get_key_usage(issuer.handle()) & KU_CRL_SIGN) != 0;
        };
        if (std::any_of(question_.anchors.begin(), question_.anchors.end(), may_list)) return true;
        const std::size_t count = std::min(question_.intermediates.size(), path_max_intermediates);
        const auto end = question_.intermediates.begin() + static_cast<std::ptrdiff_t>(count);
        return std::any_of(question_.intermediates.begin(), end, [&](const Certificate& issuer) {
            return may_list(issuer) && is_trusted_issuer(issuer, list.this_update());
        });
    }

    // At the time of its list: the new key may be younger than what is asked about.
    bool is_trusted_issuer(const Certificate& issuer, UtcTime at) const {
        static const std::vector<RevocationList> none;  // or two issuers could ask for each other
        Findings findings;
        PathValidation(
            {issuer, question_.intermediates, question_.anchors, none, none, at, question_.where},
            findings)
            .run();
        return X509_check_ca(issuer.handle()) == 1 && findings.verdict() == Verdict::total_passed;
    }

    // Lists may leave out what has expired, so one from before that is wanted.
    bool is_in_force(const RevocationList& list) const {
        const UtcTime at = std::min(question_.at, question_.certificate.not_after());
        return list.this_update() <= at && list.next_update() && at <= *list.next_update();
    }

    void report_revocation(std::size_t place, UtcTime since) {
        const std::string when =
            " (since " + format_utc(since) + ", asked about " + format_utc(question_.at) + ")";
        if (since > question_.at) {
            add("revoked-later", Weight::warning, "the certificate was revoked later",
                chain_[place], when);
        } else if (place > 0) {
            add("issuer-revoked", Weight::indeterminate, "the certificate of an issuer was revoked",
                chain_[place], when);
        } else {
            add("revoked", Weight::failed, "the certificate was revoked", chain_[place], when);
        }
    }

    void report_no_revocation() {
        findings_.add("certificate.not-revoked", Layer::identity, Weight::info,
                      "the revocation list of " + format_utc(unrevoked_by_->this_update()) +
                          " does not name " + question_.certificate.subject(),
                      std::string(question_.where));
    }

    const PathQuestion& question_;
    Findings& findings_;
    std::vector<Certificate> chain_;  // from the certificate upwards, as far as it goes
    std::size_t from_outside_ = 0;    // how many of them are not trusted as they stand
    std::optional<RevocationList> unrevoked_by_;
    bool objected_ = false;
    std::exception_ptr failure_;
};

}  // namespace

void validate_path(const PathQuestion& question, Findings& findings) {
    PathValidation(question, findings).run();
}

}  // namespace evidence
