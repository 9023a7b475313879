// The content of a time-stamp, element by element.
#include "signature/timestamp_info.h"

#include <doctest/doctest.h>

#include "base/error.h"
#include "test_errors.h"

using namespace evidence;
using namespace evidence::test;

namespace {

using namespace std::string_literals;

// Of less than 128 bytes.
std::string tlv(int tag, const std::string& content) {
    return std::string{static_cast<char>(tag), static_cast<char>(content.size())} + content;
}

const std::string sha256_id = tlv(0x06, "\x60\x86\x48\x01\x65\x03\x04\x02\x01");

// The parts of a TSTInfo, to be changed one at a time.
struct Parts {
    std::string version = tlv(0x02, "\x01");
    std::string policy = tlv(0x06, "\x2A\x03\x04\x01");
    std::string imprint = tlv(0x30, tlv(0x30, sha256_id) + tlv(0x04, std::string(32, 'd')));
    std::string serial = tlv(0x02, "\x2A");
    std::string time = tlv(0x18, "20261122011638Z");
    std::string rest;

    std::string whole() const {
        return tlv(0x30, version + policy + imprint + serial + time + rest);
    }
    TimestampInfo parse() const {
        bytes_ = whole();
        return parse_timestamp_info(as_bytes(bytes_));
    }
    bool is_malformed() const {
        return kind_of_error([this] { parse(); }) == ErrorKind::malformed;
    }

private:
    mutable std::string bytes_;  // what the answer views
};

bool is_malformed(std::string Parts::*part, const std::string& value) {
    Parts parts;
    parts.*part = value;
    return parts.is_malformed();
}

std::string time_of(const std::string& text) {
    Parts parts;
    parts.time = tlv(0x18, text);
    return format_utc(parts.parse().time);
}

std::optional<std::int64_t> accuracy_of(const std::string& content) {
    Parts parts;
    parts.rest = tlv(0x30, content);
    return parts.parse().accuracy_ms;
}

}  // namespace

TEST_CASE("what must be there is read, and nothing else need be") {
    const Parts parts;
    const TimestampInfo info = parts.parse();
    CHECK(dotted(info.policy) == "1.2.3.4.1");
    CHECK(info.imprint.size() == 32);
    CHECK(as_text(info.serial) == "\x2A");
    CHECK(format_utc(info.time) == "2026-11-22T01:16:38.000Z");
    CHECK_FALSE(info.accuracy_ms);
    CHECK_FALSE(info.nonce);
    CHECK_FALSE(info.tsa);
}

TEST_CASE("times are rounded down to the millisecond and must exist") {
    CHECK(time_of("20261122011638.5Z") == "2026-11-22T01:16:38.500Z");
    CHECK(time_of("20261122011638.123999Z") == "2026-11-22T01:16:38.123Z");
    for (const char* text : {"20261322011638Z", "20260230000000Z", "20261122011638", "2026112201Z",
                             "20261122011638.0Z", "20261122011638+0100"}) {
        CHECK(is_malformed(&Parts::time, tlv(0x18, text)));
    }
    CHECK(is_malformed(&Parts::time, tlv(0x17, "261122011638Z")));
}

TEST_CASE("accuracy is rounded up to the millisecond and within its bounds") {
    CHECK(accuracy_of("") == 0);
    CHECK(accuracy_of(tlv(0x02, "\x01")) == 1000);
    CHECK(accuracy_of(tlv(0x02, "\x01") + tlv(0x80, "\x02\x58") + tlv(0x81, "\x01")) == 1601);
    for (const std::string& wrong :
         {tlv(0x80, "\0"s), tlv(0x80, "\x03\xE8"), tlv(0x81, "\0"s), tlv(0x02, "\xFF"),
          tlv(0x02, "\x01\x01\x01\x01\x01"), tlv(0x81, "\x01") + tlv(0x80, "\x01")}) {
        CHECK(is_malformed(&Parts::rest, tlv(0x30, wrong)));
    }
}

TEST_CASE("nonce, name and extensions stand behind, in this order") {
    const std::string false_ordering = tlv(0x01, "\0"s), nonce = tlv(0x02, "\x07");
    const std::string name = tlv(0xA0, tlv(0x82, "tsa.example"));
    const std::string plain = tlv(0x30, tlv(0x06, "\x2A\x03") + tlv(0x04, "x"));
    const std::string critical =
        tlv(0x30, tlv(0x06, "\x2A\x03") + tlv(0x01, "\xFF") + tlv(0x04, "x"));
    Parts parts;
    parts.rest = false_ordering + nonce + name + tlv(0xA1, plain);
    const TimestampInfo info = parts.parse();
    REQUIRE(info.nonce);
    CHECK(as_text(*info.nonce) == "\x07");
    REQUIRE(info.tsa);
    CHECK(as_text(*info.tsa) == tlv(0x82, "tsa.example"));
    CHECK(is_malformed(&Parts::rest, tlv(0xA1, critical)));
    CHECK(is_malformed(&Parts::rest, tlv(0xA1, plain + critical)));
    CHECK(is_malformed(&Parts::rest, name + nonce));
    CHECK(is_malformed(&Parts::rest, nonce + nonce));
    CHECK(is_malformed(&Parts::rest, tlv(0x02, std::string(65, 'n'))));
}

TEST_CASE("any other shape is malformed") {
    CHECK(is_malformed(&Parts::version, tlv(0x02, "\x02")));
    CHECK(is_malformed(&Parts::version, ""));
    CHECK(is_malformed(&Parts::policy, ""));
    CHECK(is_malformed(&Parts::imprint, ""));
    CHECK(is_malformed(&Parts::imprint, tlv(0x30, tlv(0x30, sha256_id))));
    CHECK(is_malformed(&Parts::serial, tlv(0x02, "")));
    CHECK(is_malformed(&Parts::serial, tlv(0x02, std::string(22, 's'))));
    const std::string whole = Parts().whole();
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CHECK(kind_of_error([&] { parse_timestamp_info(as_bytes(whole.substr(0, size))); }) ==
              ErrorKind::malformed);
    }
    CHECK(kind_of_error([&] { parse_timestamp_info(as_bytes(whole + "x")); }) ==
          ErrorKind::malformed);
}
