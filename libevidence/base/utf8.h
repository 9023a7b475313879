// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace evidence {

// Length in bytes of the valid sequence at the start of `text` (1 to 4), 0 when there is none.
std::size_t utf8_sequence_length(std::string_view text);

bool is_valid_utf8(std::string_view text);

void append_utf8(std::string& out, std::uint32_t code_point);

}  // namespace evidence
