// CRC-32 as ZIP has it (ISO-HDLC), through libdeflate.
#pragma once

#include "base/bytes.h"

namespace evidence {

// Continue with the value of the bytes before; start with 0.
std::uint32_t crc32(std::uint32_t before, ByteView bytes);

// Eight lower-case hex digits, as in records.
std::string crc32_hex(std::uint32_t value);

}  // namespace evidence
