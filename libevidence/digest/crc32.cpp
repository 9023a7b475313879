#include "digest/crc32.h"

#include <libdeflate.h>

#include <array>

#include "base/hex.h"

namespace evidence {

std::uint32_t crc32(std::uint32_t before, ByteView bytes) {
    // libdeflate takes a null pointer as "give me the start value", whatever came before.
    if (bytes.empty()) return before;
    return libdeflate_crc32(before, bytes.data(), bytes.size());
}

std::string crc32_hex(std::uint32_t value) {
    std::array<std::uint8_t, 4> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
    }
    return to_hex(bytes);
}

}  // namespace evidence
