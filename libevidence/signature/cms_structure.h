// The parts of a CMS SignedData (RFC 5652 section 5) as views of its DER bytes: what the rules of
// our signature files look at, including what OpenSSL's interface hides (versions, the digest
// algorithm set, certificate choices). Cryptography stays with OpenSSL.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "signature/der.h"

namespace evidence {

// Contents of the object identifiers we know, as they stand in DER.
namespace object_id {

using namespace std::string_view_literals;
inline constexpr auto signed_data = "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02"sv;
inline constexpr auto data = "\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01"sv;
inline constexpr auto content_type = "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x03"sv;
inline constexpr auto message_digest = "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x04"sv;
inline constexpr auto signing_time = "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x05"sv;
inline constexpr auto signing_certificate_v2 = "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02\x2F"sv;
inline constexpr auto signature_time_stamp = "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02\x0E"sv;
inline constexpr auto signing_certificate = "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02\x0C"sv;
inline constexpr auto timestamp_info = "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x04"sv;
inline constexpr auto sha256 = "\x60\x86\x48\x01\x65\x03\x04\x02\x01"sv;
inline constexpr auto sha384 = "\x60\x86\x48\x01\x65\x03\x04\x02\x02"sv;
inline constexpr auto sha512 = "\x60\x86\x48\x01\x65\x03\x04\x02\x03"sv;
inline constexpr auto ecdsa_sha256 = "\x2A\x86\x48\xCE\x3D\x04\x03\x02"sv;
inline constexpr auto ecdsa_sha384 = "\x2A\x86\x48\xCE\x3D\x04\x03\x03"sv;
inline constexpr auto ecdsa_sha512 = "\x2A\x86\x48\xCE\x3D\x04\x03\x04"sv;
inline constexpr auto rsa = "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01"sv;
inline constexpr auto rsa_sha256 = "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0B"sv;
inline constexpr auto rsa_sha384 = "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0C"sv;
inline constexpr auto rsa_sha512 = "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0D"sv;
inline constexpr auto rsa_pss = "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x0A"sv;
inline constexpr auto mgf1 = "\x2A\x86\x48\x86\xF7\x0D\x01\x01\x08"sv;

}  // namespace object_id

struct CmsAlgorithm {
    std::string_view id;
    std::optional<DerElement> parameters;
    ByteView whole;
};
CmsAlgorithm parse_algorithm(const DerElement& element);

struct CmsAttribute {
    std::string_view id;
    std::vector<DerElement> values;
};

struct CmsSigner {
    std::uint8_t version = 0;
    std::optional<DerElement> issuer;  // absent: named by subject key identifier
    CmsAlgorithm digest_algorithm;
    bool has_signed_attributes = false;
    std::vector<CmsAttribute> signed_attributes;
    CmsAlgorithm signature_algorithm;
    ByteView signature;
    bool has_unsigned_attributes = false;
    std::vector<CmsAttribute> unsigned_attributes;
};

struct CmsSignedData {
    std::uint8_t version = 0;
    std::vector<DerElement> digest_algorithms;
    std::string_view content_type;
    bool has_content = false;
    ByteView content;                      // that of one OCTET STRING; empty when there is none
    std::vector<DerElement> certificates;  // plain X.509 ones and perhaps other choices
    bool has_revocation_lists = false;
    std::vector<DerElement> revocation_lists;
    std::vector<CmsSigner> signers;
};

// DER sorts certificates and revocation lists, which are sets. OpenSSL's own authority and others
// write them in tokens as they come, which CMS allows: no signature covers their order.
enum class CmsSetOrder { sorted, any };

// Precondition: require_der(bytes) passed. Error(malformed) when this is no SignedData.
CmsSignedData parse_signed_data(ByteView bytes, CmsSetOrder order = CmsSetOrder::sorted);

// "1.2.840.113549.1.9.15", for messages.
std::string dotted(std::string_view object_id);

}  // namespace evidence
