#include "signature/cms_algorithms.h"

namespace evidence {
namespace {

struct DigestIds {
    Algorithm digest;
    std::string_view id, ecdsa, rsa;
};
constexpr DigestIds digest_ids[] = {
    {Algorithm::sha256, object_id::sha256, object_id::ecdsa_sha256, object_id::rsa_sha256},
    {Algorithm::sha384, object_id::sha384, object_id::ecdsa_sha384, object_id::rsa_sha384},
    {Algorithm::sha512, object_id::sha512, object_id::ecdsa_sha512, object_id::rsa_sha512},
};

bool absent(const CmsAlgorithm& algorithm) { return !algorithm.parameters; }
bool absent_or_null(const CmsAlgorithm& algorithm) {
    return absent(algorithm) || algorithm.parameters->tag == der::null;
}

// The one element inside an explicit tag.
DerElement inside(const DerElement& tagged, std::uint8_t tag) {
    DerReader reader(tagged.content);
    const DerElement element = reader.expect(tag, "a parameter");
    reader.expect_end("a parameter");
    return element;
}

bool is_digest(const DerElement& element, Algorithm digest) {
    return allowed_digest(parse_algorithm(element)) == digest;
}

std::optional<std::size_t> small_number(ByteView integer) {
    if (integer.size() > 2) return std::nullopt;
    std::size_t value = 0;
    for (const std::uint8_t byte : integer) value = (value << 8) | byte;
    return value;
}

// RSASSA-PSS-params: digest, mask and salt must all fit the one digest; the trailer field has one
// legal value, which DER leaves out. Defaults are SHA-1 and left out by DER too.
std::string pss_fault(const DerElement& parameters, Algorithm digest, PssSalt rule) {
    if (parameters.tag != der::sequence) return "no RSASSA-PSS parameters";
    DerReader reader(parameters.content);
    const auto hash = reader.optional(der::context(0));
    const auto mask = reader.optional(der::context(1));
    const auto salt = reader.optional(der::context(2));
    const auto trailer = reader.optional(der::context(3));
    if (trailer || !reader.at_end()) return "an RSASSA-PSS trailer other than 1";
    if (!hash || !is_digest(inside(*hash, der::sequence), digest)) {
        return "RSASSA-PSS over another digest than the message";
    }
    if (!mask) return "an RSASSA-PSS mask by SHA-1";
    const CmsAlgorithm function = parse_algorithm(inside(*mask, der::sequence));
    if (function.id != object_id::mgf1) return "an RSASSA-PSS mask other than MGF1";
    if (!function.parameters || function.parameters->tag != der::sequence ||
        !is_digest(*function.parameters, digest)) {
        return "an RSASSA-PSS mask by another digest than the message";
    }
    const auto salt_bytes = salt ? small_number(inside(*salt, der::integer).content) : 20;
    if (!salt_bytes || *salt_bytes < digest_bytes(digest) ||
        (rule == PssSalt::as_digest && *salt_bytes != digest_bytes(digest))) {
        return "an RSASSA-PSS salt that is not as long as the digest";
    }
    return {};
}

}  // namespace

std::optional<Algorithm> allowed_digest(const CmsAlgorithm& algorithm) {
    for (const DigestIds& ids : digest_ids) {
        if (algorithm.id == ids.id && absent_or_null(algorithm)) return ids.digest;
    }
    return std::nullopt;
}

std::string signature_fault(const CmsAlgorithm& algorithm, Algorithm digest, PssSalt rule) {
    const std::string other = "not ECDSA or RSA over the same digest";
    if (algorithm.id == object_id::rsa) return absent_or_null(algorithm) ? "" : other;
    if (algorithm.id == object_id::rsa_pss) {
        if (!algorithm.parameters) return "an RSASSA-PSS salt and mask by SHA-1";
        return pss_fault(*algorithm.parameters, digest, rule);
    }
    for (const DigestIds& ids : digest_ids) {
        if (ids.digest != digest) continue;
        if (algorithm.id == ids.ecdsa && absent(algorithm)) return {};
        if (algorithm.id == ids.rsa && absent_or_null(algorithm)) return {};
    }
    return other;
}

}  // namespace evidence
