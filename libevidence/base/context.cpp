#include "base/context.h"

#include <array>

#include "base/error.h"
#include "base/hex.h"

namespace evidence {

void Context::check_interrupted() const {
    if (interrupted.load(std::memory_order_relaxed)) {
        throw Error(ErrorKind::interrupted, "interrupted");
    }
}

std::string random_hex_128(RandomSource& random) {
    std::array<std::uint8_t, 16> bytes{};
    random.fill(bytes);
    return to_hex(bytes);
}

std::string random_uuid(RandomSource& random) {
    std::array<std::uint8_t, 16> bytes{};
    random.fill(bytes);
    bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);
    bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
    std::string text = to_hex(bytes);
    for (std::size_t position : {8u, 13u, 18u, 23u}) text.insert(position, 1, '-');
    return text;
}

bool is_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text[i] != '-' : !is_hex(text.substr(i, 1), 1)) return false;
    }
    return true;
}

}  // namespace evidence
