// Text from evidence made safe to show: a terminal must never act on it, and two different names
// must never look the same by way of control or direction characters.
#pragma once

#include <string>
#include <string_view>

namespace evidence {

// Backslash, control characters (C0, DEL, C1), bytes that are not UTF-8, and characters that change
// direction or are invisible become escapes (\n, \x1b, \u{202e}); everything else stays as it is.
std::string printable(std::string_view text);

}  // namespace evidence
