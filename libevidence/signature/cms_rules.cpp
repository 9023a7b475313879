#include "signature/cms_rules.h"

#include <algorithm>
#include <array>

#include "signature/cms_algorithms.h"

namespace evidence {
namespace {

struct AttributeRule {
    std::string_view id;
    std::uint8_t tag;  // of its one value; 0 for either form of time
    const char* name;
};
constexpr std::array<AttributeRule, 4> signed_attribute_rules = {{
    {object_id::content_type, der::object_id, "content-type"},
    {object_id::message_digest, der::octet_string, "message-digest"},
    {object_id::signing_time, 0, "signing-time"},
    {object_id::signing_certificate_v2, der::sequence, "signing-certificate-v2"},
}};

class ShapeCheck {
public:
    ShapeCheck(const CmsSignedData& cms, std::string_view where, Findings& findings)
        : cms_(cms), where_(where), findings_(findings) {}

    SignedFacts run() {
        if (cms_.signers.size() != 1) {
            fail("signer-count", "the signature file holds " + std::to_string(cms_.signers.size()) +
                                     " signers instead of one");
            return facts_;
        }
        check_frame();
        check_algorithms();
        check_signed_attributes();
        check_unsigned_attributes();
        facts_.signature = signer().signature;
        return facts_;
    }

private:
    void fail(std::string_view code, std::string message) {
        findings_.add("signature." + std::string(code), Layer::signature, Weight::failed,
                      std::move(message), where_);
    }

    const CmsSigner& signer() const { return cms_.signers.front(); }

    void check_frame() {
        if (cms_.has_content) {
            fail("embedded-content", "the signature file carries its own content");
        }
        if (cms_.content_type != object_id::data) {
            fail("wrong-shape", "the signed content is said to be of type " +
                                    dotted(cms_.content_type) + " instead of plain data");
        }
        // RFC 5652 sections 5.1 and 5.3: what follows from the rules above, and no other number.
        const std::uint8_t version = signer().issuer ? 1 : 3;
        if (signer().version != version || cms_.version != version) {
            fail("wrong-shape", "the version numbers of the signature file are not the right ones");
        }
        const auto& digests = cms_.digest_algorithms;
        if (digests.size() != 1 ||
            as_text(digests.front().whole) != as_text(signer().digest_algorithm.whole)) {
            fail("wrong-shape", "the digest algorithms announced are not the one used");
        }
    }

    void check_algorithms() {
        const auto digest = allowed_digest(signer().digest_algorithm);
        if (!digest) {
            fail("weak-algorithm", "the digest algorithm " + dotted(signer().digest_algorithm.id) +
                                       " is not allowed (expected SHA-256 or better)");
            return;
        }
        facts_.digest_algorithm = *digest;
        const std::string fault =
            signature_fault(signer().signature_algorithm, *digest, PssSalt::as_digest);
        if (!fault.empty()) {
            fail("weak-algorithm", "the signature algorithm " +
                                       dotted(signer().signature_algorithm.id) +
                                       " is not allowed: " + fault);
        }
    }

    void check_signed_attributes() {
        if (!signer().has_signed_attributes) {
            fail("no-signed-attributes",
                 "the signature covers the bare content without signed attributes");
            return;
        }
        std::array<const CmsAttribute*, signed_attribute_rules.size()> found{};
        for (const CmsAttribute& attribute : signer().signed_attributes) {
            const auto rule =
                std::find_if(signed_attribute_rules.begin(), signed_attribute_rules.end(),
                             [&](const AttributeRule& one) { return one.id == attribute.id; });
            if (rule == signed_attribute_rules.end()) {
                fail("foreign-attribute",
                     "the signed attribute " + dotted(attribute.id) + " does not belong here");
                continue;
            }
            auto& slot = found[static_cast<std::size_t>(rule - signed_attribute_rules.begin())];
            if (slot) {
                fail("foreign-attribute",
                     std::string("the signed attribute ") + rule->name + " stands there twice");
            }
            slot = &attribute;
        }
        for (std::size_t i = 0; i < found.size(); ++i) take(signed_attribute_rules[i], found[i]);
    }

    void take(const AttributeRule& rule, const CmsAttribute* attribute) {
        if (!attribute) {
            fail("missing-attribute",
                 std::string("the signed attribute ") + rule.name + " is missing");
            return;
        }
        if (attribute->values.size() != 1 ||
            (rule.tag != 0 && attribute->values.front().tag != rule.tag)) {
            fail("wrong-shape",
                 std::string("the signed attribute ") + rule.name + " has not its one value");
            return;
        }
        take_value(rule.id, attribute->values.front());
    }

    void take_value(std::string_view id, const DerElement& value) {
        if (id == object_id::message_digest) {
            facts_.message_digest = value.content;
        } else if (id == object_id::signing_certificate_v2) {
            facts_.certificate_reference = value.whole;
        } else if (id == object_id::content_type) {
            if (as_text(value.content) != object_id::data) {
                fail("wrong-shape", "the signed content type is not plain data");
            }
        } else if (const auto time = parse_signing_time(value)) {
            facts_.signing_time = *time;
        } else {
            fail("wrong-shape", "the signing time is not in the form of its century");
        }
    }

    // RFC 5652 section 11.3: UTCTime from 1950 to 2049, GeneralizedTime for other years, no
    // fractions. require_der has checked the digits.
    static std::optional<UtcTime> parse_signing_time(const DerElement& value) {
        std::string digits(as_text(value.content));
        if (value.tag == der::utc_time) {
            digits.insert(0, digits[0] < '5' ? "20" : "19");
        } else if (value.tag != der::generalized_time || digits.size() != 15 ||
                   (digits >= "1950" && digits < "2050")) {
            return std::nullopt;
        }
        return parse_utc(digits.substr(0, 4) + "-" + digits.substr(4, 2) + "-" +
                         digits.substr(6, 2) + "T" + digits.substr(8, 2) + ":" +
                         digits.substr(10, 2) + ":" + digits.substr(12, 2) + ".000Z");
    }

    void check_unsigned_attributes() {
        if (!signer().has_unsigned_attributes) return;
        const auto& attributes = signer().unsigned_attributes;
        if (attributes.size() == 1 && attributes.front().id == object_id::signature_time_stamp &&
            attributes.front().values.size() == 1) {
            facts_.time_stamp = attributes.front().values.front().whole;
            return;
        }
        fail("unsigned-attributes",
             "the signature file carries unsigned attributes other than one time-stamp");
    }

    const CmsSignedData& cms_;
    std::string where_;
    Findings& findings_;
    SignedFacts facts_;
};

}  // namespace

SignedFacts check_shape(const CmsSignedData& cms, std::string_view where, Findings& findings) {
    return ShapeCheck(cms, where, findings).run();
}

}  // namespace evidence
