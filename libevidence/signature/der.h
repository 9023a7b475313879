// Distinguished encoding rules (X.690 clause 10): reading elements, and proving that bytes follow
// them. OpenSSL accepts looser encodings and repeats some of them unchanged when it re-encodes, so
// "equal to its re-encoding" is decided here, element by element.
//
// Thread rule: everything here is a view of bytes that must outlive it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace evidence {

inline constexpr std::size_t der_max_depth = 40;

namespace der {

inline constexpr std::uint8_t boolean = 0x01;
inline constexpr std::uint8_t integer = 0x02;
inline constexpr std::uint8_t bit_string = 0x03;
inline constexpr std::uint8_t octet_string = 0x04;
inline constexpr std::uint8_t null = 0x05;
inline constexpr std::uint8_t object_id = 0x06;
inline constexpr std::uint8_t enumerated = 0x0A;
inline constexpr std::uint8_t utf8_string = 0x0C;
inline constexpr std::uint8_t utc_time = 0x17;
inline constexpr std::uint8_t generalized_time = 0x18;
inline constexpr std::uint8_t sequence = 0x30;
inline constexpr std::uint8_t set = 0x31;
inline constexpr std::uint8_t context(unsigned number) {  // [number] constructed
    return static_cast<std::uint8_t>(0xA0 + number);
}
inline constexpr std::uint8_t context_primitive(unsigned number) {
    return static_cast<std::uint8_t>(0x80 + number);
}

}  // namespace der

struct DerElement {
    std::uint8_t tag = 0;
    ByteView whole;    // tag, length and content
    ByteView content;  // without them
};

// Takes elements one behind the other. Tags above 30, indefinite and padded lengths and elements
// that reach beyond the bytes are Error(malformed).
class DerReader {
public:
    explicit DerReader(ByteView bytes) : rest_(bytes) {}

    bool at_end() const { return rest_.empty(); }
    // The tag of the next element, 0 at the end.
    std::uint8_t next_tag() const { return rest_.empty() ? std::uint8_t{0} : rest_[0]; }
    DerElement next();
    // The next element, which must have that tag; `what` is quoted in the error.
    DerElement expect(std::uint8_t tag, std::string_view what);
    // The next element when it has that tag.
    std::optional<DerElement> optional(std::uint8_t tag);
    // Error(malformed) unless everything was taken.
    void expect_end(std::string_view what) const;

private:
    ByteView rest_;
};

// The elements of a SET OF or SEQUENCE OF.
std::vector<DerElement> der_elements(ByteView content);

// True when the elements stand in the ascending order DER demands of a SET OF.
bool is_der_sorted(ByteView content);

// Error(malformed) naming the byte offset unless `bytes` are exactly one element in DER: definite
// minimal lengths, canonical values of every universal type, sorted sets, at most der_max_depth
// deep. The content of implicitly tagged elements is checked as the elements it is made of.
void require_der(ByteView bytes);

}  // namespace evidence
