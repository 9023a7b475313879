#include "digest/crc32.h"

#include <doctest/doctest.h>

namespace evidence {

TEST_CASE("CRC-32 has the check value of its definition") {
    CHECK(crc32_hex(crc32(0, as_bytes("123456789"))) == "cbf43926");
}

TEST_CASE("CRC-32 of zeros agrees with zlib") {
    const Bytes zeros(1024 * 1024 + 1);
    CHECK(crc32_hex(crc32(0, zeros)) == "c6a48b28");
}

TEST_CASE("CRC-32 continues over any cut, empty parts included") {
    constexpr std::string_view text = "123456789";
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        std::uint32_t value = crc32(0, as_bytes(text.substr(0, cut)));
        value = crc32(value, {});
        CHECK(crc32(value, as_bytes(text.substr(cut))) == 0xCBF43926);
    }
}

TEST_CASE("CRC-32 keeps leading zeros in text") {
    CHECK(crc32_hex(0) == "00000000");
    CHECK(crc32_hex(0x0000ab01) == "0000ab01");
}

}  // namespace evidence
