#include "verification/sub_indication.h"

#include <optional>

namespace evidence {
namespace {

struct Row {
    std::string_view code;
    std::string_view sub_indication;
    std::optional<Weight> weight = std::nullopt;  // when one code has two names
};
// evidence-verify(1) shows the same table.
constexpr Row rows[] = {
    {"signature.absent", "FORMAT_FAILURE", Weight::failed},
    {"signature.absent", "NO_SIGNING_CERTIFICATE_FOUND", Weight::indeterminate},
    {"signature.malformed", "FORMAT_FAILURE"},
    {"signature.signer-count", "FORMAT_FAILURE"},
    {"signature.embedded-content", "FORMAT_FAILURE"},
    {"signature.foreign-attribute", "FORMAT_FAILURE"},
    {"signature.unsigned-attributes", "FORMAT_FAILURE"},
    {"signature.wrong-shape", "FORMAT_FAILURE"},
    {"signature.wrong-certificates", "FORMAT_FAILURE"},
    {"signature.wrong-revocation-lists", "FORMAT_FAILURE"},
    {"signature.no-signed-attributes", "SIG_CONSTRAINTS_FAILURE"},
    {"signature.missing-attribute", "SIG_CONSTRAINTS_FAILURE"},
    {"signature.wrong-signer", "SIG_CONSTRAINTS_FAILURE"},
    {"signature.stripped", "SIG_CONSTRAINTS_FAILURE"},
    {"signature.weak-algorithm", "CRYPTO_CONSTRAINTS_FAILURE"},
    {"signature.wrong-reference", "NO_SIGNING_CERTIFICATE_FOUND"},
    {"signature.wrong-content", "HASH_FAILURE"},
    {"signature.invalid", "SIG_CRYPTO_FAILURE"},
    {"payload.missing", "SIGNED_DATA_NOT_FOUND"},
    {"payload.unreadable", "SIGNED_DATA_NOT_FOUND"},
    {"bag.missing-tag-file", "SIGNED_DATA_NOT_FOUND"},
    {"payload.digest-mismatch", "HASH_FAILURE"},
    {"payload.size-mismatch", "HASH_FAILURE"},
    {"manifest.digest-mismatch", "HASH_FAILURE"},
    {"certificate.no-signer", "NO_SIGNING_CERTIFICATE_FOUND"},
    {"certificate.no-chain", "NO_CERTIFICATE_CHAIN_FOUND"},
    {"certificate.bad-signature", "CERTIFICATE_CHAIN_GENERAL_FAILURE"},
    {"certificate.not-acceptable", "CERTIFICATE_CHAIN_GENERAL_FAILURE"},
    {"certificate.expired", "EXPIRED", Weight::failed},
    {"certificate.expired", "OUT_OF_BOUNDS_NO_POE", Weight::indeterminate},
    {"certificate.expired-not-revoked", "OUT_OF_BOUNDS_NOT_REVOKED"},
    {"certificate.not-yet-valid", "NOT_YET_VALID"},
    {"certificate.revoked", "REVOKED", Weight::failed},
    {"certificate.revoked", "REVOKED_NO_POE", Weight::indeterminate},
    {"certificate.issuer-revoked", "REVOKED_CA_NO_POE"},
    {"certificate.wrong-usage", "CHAIN_CONSTRAINTS_FAILURE"},
    {"certificate.weak-key", "CRYPTO_CONSTRAINTS_FAILURE"},
    {"certificate.algorithm-expired", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"},
    {"certificate.bad-revocation-list", "TRY_LATER"},
    {"time.inconsistent", "SIG_CONSTRAINTS_FAILURE"},
    {"timestamp.absent", "NO_POE"},
    {"timestamp.stripped", "NO_POE"},
    {"timestamp.malformed", "FORMAT_FAILURE"},
    {"timestamp.wrong-content", "HASH_FAILURE"},
    {"timestamp.bad-signature", "SIG_CRYPTO_FAILURE"},
    {"timestamp.wrong-certificate", "NO_SIGNING_CERTIFICATE_FOUND"},
    {"timestamp.weak-algorithm", "CRYPTO_CONSTRAINTS_FAILURE"},
    {"timestamp.algorithm-expired", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"},
    {"timestamp.no-chain", "NO_CERTIFICATE_CHAIN_FOUND"},
    {"timestamp.chain-failure", "CERTIFICATE_CHAIN_GENERAL_FAILURE"},
    {"timestamp.wrong-usage", "CHAIN_CONSTRAINTS_FAILURE"},
    {"timestamp.expired", "EXPIRED"},
    {"timestamp.not-yet-valid", "NOT_YET_VALID"},
    {"timestamp.revoked", "REVOKED"},
    {"timestamp.revoked-later", "REVOKED_NO_POE"},
    {"timestamp.issuer-revoked", "REVOKED_CA_NO_POE"},
    {"timestamp.authority-expired", "OUT_OF_BOUNDS_NO_POE"},
    {"timestamp.wrong-order", "TIMESTAMP_ORDER_FAILURE"},
};

}  // namespace

std::string_view sub_indication_of(const Finding& finding) {
    if (finding.weight < Weight::indeterminate) return {};
    for (const Row& row : rows) {
        if (row.code != finding.code) continue;
        if (!row.weight || *row.weight == finding.weight) return row.sub_indication;
    }
    return {};
}

std::string_view sub_indication_of(const Findings& findings) {
    if (findings.verdict() == Verdict::total_passed) return {};
    const Weight deciding = findings.has_failure() ? Weight::failed : Weight::indeterminate;
    for (const Finding& finding : findings.all()) {
        if (finding.weight != deciding) continue;
        if (const std::string_view name = sub_indication_of(finding); !name.empty()) return name;
    }
    return {};
}

}  // namespace evidence
