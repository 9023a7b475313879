// Lower-case hexadecimal, the only spelling of digests and keys in our formats.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace evidence {

std::string to_hex(ByteView bytes);

// Strict: even length, digits 0-9 a-f only; nullopt for anything else.
std::optional<Bytes> from_hex(std::string_view text);

// True for exactly `digits` lower-case hexadecimal digits.
bool is_hex(std::string_view text, std::size_t digits);

}  // namespace evidence
