#include "signature/timestamp_info.h"

#include "base/error.h"

namespace evidence {
namespace {

constexpr std::size_t serial_max_bytes = 21;  // 160 bits (RFC 3161), and a sign
constexpr std::size_t nonce_max_bytes = 64;
constexpr std::size_t accuracy_max_bytes = 4;

[[noreturn]] void refuse(const char* message) { throw Error(ErrorKind::malformed, message); }

ByteView bounded(const DerElement& integer, std::size_t max_bytes, const char* what) {
    if (integer.content.empty() || integer.content.size() > max_bytes) refuse(what);
    return integer.content;
}

std::int64_t small_number(ByteView content) {
    if (content.empty() || content.size() > accuracy_max_bytes || (content[0] & 0x80) != 0) {
        refuse("accuracy out of bounds");
    }
    std::int64_t value = 0;
    for (const std::uint8_t byte : content) value = (value << 8) | byte;
    return value;
}

// Milliseconds or microseconds stand in implicitly tagged integers from 1 to 999.
std::int64_t fraction(DerReader& reader, unsigned number) {
    const auto element = reader.optional(der::context_primitive(number));
    if (!element) return 0;
    const std::int64_t value = small_number(element->content);
    if (value < 1 || value > 999) refuse("accuracy out of bounds");
    return value;
}

std::int64_t parse_accuracy(const DerElement& element) {
    DerReader reader(element.content);
    const auto seconds = reader.optional(der::integer);
    std::int64_t total_ms = seconds ? small_number(seconds->content) * 1000 : 0;
    total_ms += fraction(reader, 0);
    if (fraction(reader, 1) > 0) ++total_ms;
    reader.expect_end("the accuracy");
    return total_ms;
}

// YYYYMMDDhhmmss[.f..]Z; the digits were checked as those of every DER time.
UtcTime parse_time(std::string_view text) {
    std::string fraction = "000";
    if (text[14] == '.') {
        fraction = std::string(text.substr(15, text.size() - 16)).substr(0, 3);
        fraction.resize(3, '0');
    }
    const auto part = [text](std::size_t from, std::size_t size) {
        return std::string(text.substr(from, size));
    };
    const auto time =
        parse_utc(part(0, 4) + "-" + part(4, 2) + "-" + part(6, 2) + "T" + part(8, 2) + ":" +
                  part(10, 2) + ":" + part(12, 2) + "." + fraction + "Z");
    if (!time) refuse("the time is none that exists");
    return *time;
}

void parse_imprint(const DerElement& element, TimestampInfo& info) {
    DerReader reader(element.content);
    info.imprint_algorithm = parse_algorithm(reader.expect(der::sequence, "a digest algorithm"));
    info.imprint = reader.expect(der::octet_string, "a digest").content;
    reader.expect_end("the message imprint");
}

void refuse_critical(const DerElement& extensions) {
    for (const DerElement& element : der_elements(extensions.content)) {
        if (element.tag != der::sequence) refuse("unexpected element in place of an extension");
        DerReader reader(element.content);
        reader.expect(der::object_id, "an extension's type");
        if (reader.optional(der::boolean)) refuse("a critical extension that we cannot judge");
        reader.expect(der::octet_string, "an extension's value");
        reader.expect_end("an extension");
    }
}

void parse_rest(DerReader& reader, TimestampInfo& info) {
    if (const auto accuracy = reader.optional(der::sequence)) {
        info.accuracy_ms = parse_accuracy(*accuracy);
    }
    // DER leaves a FALSE out, some authorities write it; it says nothing either way.
    reader.optional(der::boolean);
    if (const auto nonce = reader.optional(der::integer)) {
        info.nonce = bounded(*nonce, nonce_max_bytes, "nonce out of bounds");
    }
    if (const auto tsa = reader.optional(der::context(0))) {
        DerReader inner(tsa->content);
        info.tsa = inner.next().whole;
        inner.expect_end("the authority's name");
    }
    if (const auto extensions = reader.optional(der::context(1))) refuse_critical(*extensions);
    reader.expect_end("the time-stamp's content");
}

}  // namespace

TimestampInfo parse_timestamp_info(ByteView der) {
    require_der(der);
    DerReader outer(der);
    DerReader reader(outer.expect(der::sequence, "the time-stamp's content").content);
    const DerElement version = reader.expect(der::integer, "the version");
    if (version.content.size() != 1 || version.content[0] != 1) refuse("another version than 1");
    TimestampInfo info;
    info.policy = as_text(reader.expect(der::object_id, "the policy").content);
    parse_imprint(reader.expect(der::sequence, "the message imprint"), info);
    info.serial = bounded(reader.expect(der::integer, "the serial number"), serial_max_bytes,
                          "serial number out of bounds");
    info.time =
        parse_time(as_text(reader.expect(der::generalized_time, "the time of stamping").content));
    parse_rest(reader, info);
    return info;
}

CmsSignedData parse_timestamp_token(ByteView token) {
    require_der(token);
    return parse_signed_data(token, CmsSetOrder::any);
}

TimestampInfo timestamp_info_of(const CmsSignedData& token) {
    if (token.content_type != object_id::timestamp_info || token.content.empty()) {
        refuse("not a time-stamp token but a signature over something else");
    }
    return parse_timestamp_info(token.content);
}

}  // namespace evidence
