// Text from evidence made safe to show: a terminal must never act on it, and two different names
// must never look the same by way of control or direction characters.
#pragma once

#include <string>
#include <string_view>

namespace evidence {

// Backslash, control characters (C0, DEL, C1), bytes that are not UTF-8, and characters that change
// direction or are invisible become escapes (\n, \x1b, \u{202e}); everything else stays as it is.
std::string printable(std::string_view text);

// The same for JSON text, which stays JSON of the same value: such characters become \uXXXX. They
// can only stand inside strings there. Precondition: valid UTF-8.
std::string printable_json(std::string_view json);

}  // namespace evidence
