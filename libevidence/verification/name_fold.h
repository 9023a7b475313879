// File names that are one name to another system: the same text in another Unicode normal form, or
// in other case (RFC 8493 section 6.1.1; UAX #15). Private to the room.
//
// Thread rule: plain function.
#pragma once

#include <string>
#include <string_view>

namespace evidence {

// Equal for names that differ in normal form or case only. Names that are not UTF-8: as they are,
// but for the case of ASCII letters. Longer than any name a file system has: likewise.
std::string folded_name(std::string_view name);

}  // namespace evidence
