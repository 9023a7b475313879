#include "digest/crc32.h"

#include <libdeflate.h>

#include <array>

#include "base/hex.h"
#include "digest/cached_steps.h"

namespace evidence {

std::uint32_t crc32(std::uint32_t before, ByteView bytes) {
    // No step is empty: libdeflate takes a null pointer as "give me the start value".
    in_cached_steps(bytes, [&before](ByteView step) {
        before = libdeflate_crc32(before, step.data(), step.size());
    });
    return before;
}

std::string crc32_hex(std::uint32_t value) {
    std::array<std::uint8_t, 4> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        bytes[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
    }
    return to_hex(bytes);
}

}  // namespace evidence
