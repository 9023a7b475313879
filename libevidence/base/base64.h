// Base64 with padding and without line breaks (RFC 4648 section 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"

namespace evidence {

std::string to_base64(ByteView bytes);

// Strict: canonical padding, no white space, no unused bits set; nullopt for anything else.
std::optional<Bytes> from_base64(std::string_view text);

}  // namespace evidence
