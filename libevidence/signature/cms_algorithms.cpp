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

// As long as the digest or longer: openssl by itself takes as much as the key allows.
bool is_long_salt(ByteView integer, Algorithm digest) {
    if (integer.size() > 2) return false;
    std::size_t size = 0;
    for (const std::uint8_t byte : integer) size = (size << 8) | byte;
    return size >= digest_bytes(digest);
}

// RSASSA-PSS-params: digest, mask and salt length must all fit the one digest; the trailer field
// has one legal value, which DER leaves out.
bool are_pss_parameters(const DerElement& parameters, Algorithm digest) {
    DerReader reader(parameters.content);
    const auto hash = reader.optional(der::context(0));
    const auto mask = reader.optional(der::context(1));
    const auto salt = reader.optional(der::context(2));
    if (parameters.tag != der::sequence || !hash || !mask || !salt || !reader.at_end())
        return false;
    const CmsAlgorithm mask_algorithm = parse_algorithm(inside(*mask, der::sequence));
    const ByteView salt_bytes = inside(*salt, der::integer).content;
    return is_digest(inside(*hash, der::sequence), digest) &&
           mask_algorithm.id == object_id::mgf1 && mask_algorithm.parameters &&
           mask_algorithm.parameters->tag == der::sequence &&
           is_digest(*mask_algorithm.parameters, digest) && is_long_salt(salt_bytes, digest);
}

}  // namespace

std::optional<Algorithm> allowed_digest(const CmsAlgorithm& algorithm) {
    for (const DigestIds& ids : digest_ids) {
        if (algorithm.id == ids.id && absent_or_null(algorithm)) return ids.digest;
    }
    return std::nullopt;
}

bool is_allowed_signature(const CmsAlgorithm& algorithm, Algorithm digest) {
    if (algorithm.id == object_id::rsa) return absent_or_null(algorithm);
    if (algorithm.id == object_id::rsa_pss) {
        return algorithm.parameters && are_pss_parameters(*algorithm.parameters, digest);
    }
    for (const DigestIds& ids : digest_ids) {
        if (ids.digest != digest) continue;
        if (algorithm.id == ids.ecdsa) return absent(algorithm);
        if (algorithm.id == ids.rsa) return absent_or_null(algorithm);
    }
    return false;
}

}  // namespace evidence
