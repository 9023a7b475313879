// The signatures of a package: cryptography and shape, who made them, and whether the times that
// package, signatures and certificates claim can all be true.
#include <algorithm>

#include "base/error.h"
#include "signature/claimed_time.h"
#include "signature/cms_signature.h"
#include "signature/raw_signature.h"
#include "verification/package_check.h"

namespace evidence {
namespace {

std::optional<DetachedSignature> read_signature(PackageCheck& check, const MetaInfPair& names) {
    const auto content = check.text_of(names.manifest, manifest_max_bytes);
    const auto signature = check.text_of(names.token, cms_max_bytes);
    if (!content || !signature) return std::nullopt;
    DetachedSignature checked =
        check_detached(as_bytes(*signature), as_bytes(*content), names.token);
    check.findings().append(checked.findings);
    return checked;
}

bool is_over_the_whole(const PackageCheck& check, const MetaInfPair& names) {
    return names.token != signature_002 && check.exact_lists.contains(names.manifest);
}

void check_identity(PackageCheck& check, const DetachedSignature& signature,
                    const MetaInfPair& names) {
    const std::string& where = names.token;
    const TrustStore& trust = check.options.anchors();
    const auto proven = check.proven.find(where);
    const Findings identity =
        proven != check.proven.end()
            ? check_signer_at_proven_time(trust, signature, proven->second, where)
            : check_signer_at_claimed_time(trust, signature, check.report.checked_at, where);
    check.findings().append(identity);
    if (identity.verdict() == Verdict::total_passed && !signature.findings.has_failure() &&
        is_over_the_whole(check, names)) {
        check.signers.push_back(*signature.signer);
    }
}

void inconsistent(PackageCheck& check, std::string message, std::string where) {
    check.fail("time.inconsistent", Layer::time, std::move(message), std::move(where));
}

void check_times(PackageCheck& check, const DetachedSignature& signature,
                 const std::string& where) {
    const UtcTime signed_at = *signature.signing_time;
    const Certificate& signer = *signature.signer;
    if (signed_at < signer.not_before() || signed_at > signer.not_after()) {
        inconsistent(check, "signing-time lies outside the validity of the signer's certificate",
                     where);
    }
    if (signed_at.milliseconds > check.report.checked_at.milliseconds + time_stamp_tolerance_ms) {
        inconsistent(check, "signing-time lies in the future: " + format_utc(signed_at), where);
    }
    const auto proven = check.proven.find(where);
    if (proven != check.proven.end() &&
        signed_at.milliseconds > proven->second.milliseconds + time_stamp_tolerance_ms) {
        inconsistent(check,
                     "signing-time is later than the time-stamp that proves the signature: " +
                         format_utc(signed_at) + ", stamped " + format_utc(proven->second),
                     where);
    }
    if (!check.package) return;
    if (check.package->created_at.milliseconds > signed_at.milliseconds + time_stamp_tolerance_ms) {
        inconsistent(check, "created_at is later than signing-time", where);
    }
    const std::int64_t created_s = check.package->created_at.seconds();
    if (created_s < signer.not_before().seconds() || created_s > signer.not_after().seconds()) {
        inconsistent(check, "created_at lies outside the validity of the signer's certificate",
                     where);
    }
}

void note_signature(const PackageCheck& check, const DetachedSignature& signature,
                    const std::string& where) {
    const auto proven = check.proven.find(where);
    check.report.signatures.push_back(
        {where, signature.signer->subject(), signature.signer->fingerprint(),
         signature.signing_time,
         proven == check.proven.end() ? std::nullopt : std::optional(proven->second),
         !signature.findings.has_failure()});
}

void check_signer_is_sealer(PackageCheck& check, const DetachedSignature& signature,
                            const std::string& where) {
    if (!check.package) return;
    const Actor& sealer = check.package->sealed_by;
    if (!algorithm_fits(*signature.signer, sealer.algorithm)) {
        check.fail(
            "package.sealer-differs", Layer::structure,
            "sealed_by names an algorithm that does not fit the signer's key: " + sealer.algorithm,
            "package.json");
    }
    if (signature.signer->fingerprint() == sealer.certificate_sha256) return;
    check.fail("signature.wrong-signer", Layer::signature,
               "made by another certificate than sealed_by names", where);
}

// True when the signature holds and its signer is known.
bool check_signature(PackageCheck& check, const MetaInfPair& names,
                     std::optional<DetachedSignature>& result) {
    result = read_signature(check, names);
    if (!result || !result->signer || !result->signing_time) return false;
    if (!result->time_stamp.empty()) {
        check_time_stamp(check, result->time_stamp, result->signature_value,
                         names.token + " (signature-time-stamp)", names.token);
    }
    note_signature(check, *result, names.token);
    check_identity(check, *result, names);
    check_times(check, *result, names.token);
    return !result->findings.has_failure();
}

// The name in package.json is the sealer's own word; the certificate is what somebody vouches for.
void check_sealer_name(PackageCheck& check, const Certificate& signer, const std::string& where) {
    check.report.signer_subject = signer.subject();
    check.report.signer_certificate_sha256 = signer.fingerprint();
    if (!check.package) return;
    const Actor& sealer = check.package->sealed_by;
    if (sealer.name == signer.common_name() && sealer.organization == signer.organization()) return;
    check.findings().add("certificate.name-differs", Layer::identity, Weight::warning,
                         "the sealer calls himself " + sealer.name + ", " + sealer.organization +
                             "; the certificate says " + signer.subject(),
                         where);
}

void check_sealer_signatures(PackageCheck& check) {
    for (const MetaInfPair& names : {signature_pair(1), signature_pair(2)}) {
        std::optional<DetachedSignature> signature;
        check_signature(check, names, signature);
        if (!signature || !signature->signer) continue;
        check_signer_is_sealer(check, *signature, names.token);
        if (names.token == signature_001) {
            check.report.signing_time = signature->signing_time;
            check_sealer_name(check, *signature->signer, names.token);
        }
    }
}

// Co-signatures are announced in package.json, so none can be taken away or slipped in.
void check_cosignatures(PackageCheck& check) {
    std::vector<std::string> announced =
        check.package ? check.package->cosigned_by : std::vector<std::string>();
    for (const MetaInfPair& names : announced_cosignatures(check)) {
        std::optional<DetachedSignature> signature;
        check_signature(check, names, signature);
        if (!signature || !signature->signer) continue;
        const auto found =
            std::find(announced.begin(), announced.end(), signature->signer->fingerprint());
        if (found == announced.end()) {
            check.fail("signature.wrong-signer", Layer::signature,
                       "a co-signature that package.json does not announce", names.token);
        } else {
            announced.erase(found);
        }
    }
    for (const std::string& missing : announced) {
        check.fail("signature.stripped", Layer::signature,
                   "package.json announces a co-signature by " + missing, "package.json");
    }
}

}  // namespace

void check_signatures(PackageCheck& check) {
    check_sealer_signatures(check);
    check_cosignatures(check);
}

}  // namespace evidence
