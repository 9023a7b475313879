#include "signature/cms_structure.h"

#include "base/error.h"

namespace evidence {
namespace {

std::uint8_t small_version(const DerElement& element) {
    if (element.content.size() != 1) throw Error(ErrorKind::malformed, "version out of bounds");
    return element.content[0];
}

// IMPLICIT SET OF: its tag says nothing of the order, so require_der could not check it.
std::vector<DerElement> sorted_elements(const DerElement& element, const char* what) {
    if (!is_der_sorted(element.content)) {
        throw Error(ErrorKind::malformed, std::string(what) + " not sorted");
    }
    return der_elements(element.content);
}

CmsAttribute parse_attribute(const DerElement& element) {
    if (element.tag != der::sequence) {
        throw Error(ErrorKind::malformed, "unexpected element in place of an attribute");
    }
    DerReader reader(element.content);
    const std::string_view id =
        as_text(reader.expect(der::object_id, "an attribute's type").content);
    const DerElement values = reader.expect(der::set, "an attribute's values");
    reader.expect_end("an attribute");
    return {id, der_elements(values.content)};
}

std::vector<CmsAttribute> parse_attributes(const DerElement& set) {
    std::vector<CmsAttribute> attributes;
    for (const DerElement& element : sorted_elements(set, "attributes")) {
        attributes.push_back(parse_attribute(element));
    }
    return attributes;
}

void parse_signer_identifier(DerReader& reader, CmsSigner& signer) {
    if (reader.optional(der::context_primitive(0))) return;
    const DerElement name = reader.expect(der::sequence, "the signer's name");
    DerReader parts(name.content);
    signer.issuer = parts.expect(der::sequence, "the issuer of the signer's certificate");
    parts.expect(der::integer, "the serial number of the signer's certificate");
    parts.expect_end("the signer's name");
}

CmsSigner parse_signer(const DerElement& element) {
    if (element.tag != der::sequence) {
        throw Error(ErrorKind::malformed, "unexpected element in place of a signer");
    }
    CmsSigner signer;
    DerReader reader(element.content);
    signer.version = small_version(reader.expect(der::integer, "a signer's version"));
    parse_signer_identifier(reader, signer);
    signer.digest_algorithm = parse_algorithm(reader.expect(der::sequence, "a digest algorithm"));
    if (const auto attributes = reader.optional(der::context(0))) {
        signer.has_signed_attributes = true;
        signer.signed_attributes = parse_attributes(*attributes);
    }
    signer.signature_algorithm =
        parse_algorithm(reader.expect(der::sequence, "a signature algorithm"));
    signer.signature = reader.expect(der::octet_string, "a signature value").content;
    if (const auto attributes = reader.optional(der::context(1))) {
        signer.has_unsigned_attributes = true;
        signer.unsigned_attributes = parse_attributes(*attributes);
    }
    reader.expect_end("a signer");
    return signer;
}

// The SEQUENCE inside ContentInfo and its explicit tag.
DerElement signed_data_of(ByteView bytes) {
    DerReader outer(bytes);
    const DerElement content_info = outer.expect(der::sequence, "a CMS message");
    DerReader reader(content_info.content);
    const DerElement type = reader.expect(der::object_id, "the type of a CMS message");
    if (as_text(type.content) != object_id::signed_data) {
        throw Error(ErrorKind::malformed, "not a signature but another kind of CMS message");
    }
    const DerElement tagged = reader.expect(der::context(0), "the content of a CMS message");
    reader.expect_end("a CMS message");
    DerReader inner(tagged.content);
    const DerElement signed_data = inner.expect(der::sequence, "signed data");
    inner.expect_end("a CMS message");
    return signed_data;
}

void parse_encapsulated(const DerElement& element, CmsSignedData& result) {
    DerReader reader(element.content);
    result.content_type = as_text(reader.expect(der::object_id, "the content type").content);
    result.has_content = !reader.at_end();
    const auto tagged = reader.optional(der::context(0));
    if (!tagged || !reader.at_end()) return;
    DerReader inner(tagged->content);
    const auto octets = inner.optional(der::octet_string);
    if (octets && inner.at_end()) result.content = octets->content;
}

}  // namespace

CmsAlgorithm parse_algorithm(const DerElement& element) {
    CmsAlgorithm algorithm;
    algorithm.whole = element.whole;
    DerReader reader(element.content);
    algorithm.id = as_text(reader.expect(der::object_id, "an algorithm").content);
    if (!reader.at_end()) algorithm.parameters = reader.next();
    reader.expect_end("an algorithm");
    return algorithm;
}

CmsSignedData parse_signed_data(ByteView bytes, CmsSetOrder order) {
    const auto elements_of = [order](const DerElement& set, const char* what) {
        return order == CmsSetOrder::sorted ? sorted_elements(set, what)
                                            : der_elements(set.content);
    };
    CmsSignedData result;
    DerReader reader(signed_data_of(bytes).content);
    result.version = small_version(reader.expect(der::integer, "the version"));
    result.digest_algorithms =
        der_elements(reader.expect(der::set, "the digest algorithms").content);
    parse_encapsulated(reader.expect(der::sequence, "the content"), result);
    if (const auto certificates = reader.optional(der::context(0))) {
        result.certificates = elements_of(*certificates, "certificates");
    }
    if (const auto lists = reader.optional(der::context(1))) {
        result.has_revocation_lists = true;
        result.revocation_lists = elements_of(*lists, "revocation lists");
    }
    const DerElement signers = reader.expect(der::set, "the signers");
    for (const DerElement& element : der_elements(signers.content)) {
        result.signers.push_back(parse_signer(element));
    }
    reader.expect_end("signed data");
    return result;
}

std::string dotted(std::string_view object_id) {
    std::string text;
    std::uint64_t value = 0;
    for (const char c : object_id) {
        const auto byte = static_cast<std::uint8_t>(c);
        value = (value << 7) | (byte & 0x7Fu);
        if ((byte & 0x80u) != 0) continue;
        if (text.empty()) {
            const std::uint64_t first = value < 80 ? value / 40 : 2;
            text = std::to_string(first) + "." + std::to_string(value - first * 40);
        } else {
            text += "." + std::to_string(value);
        }
        value = 0;
    }
    return text;
}

}  // namespace evidence
