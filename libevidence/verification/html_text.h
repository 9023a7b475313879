// Text as HTML. Everything on a page that is not markup of ours goes through here. Private to the
// room.
//
// Thread rule: plain functions and values.
#pragma once

#include <string>
#include <string_view>

#include "base/utc_time.h"

namespace evidence {

// Longer texts are cut, and end in "..": hostile evidence must not make the page grow.
inline constexpr std::size_t html_text_max_bytes = 2000;

// Any bytes made safe between tags and inside quoted attributes: first as printable() has it, so
// that control characters, changes of direction and bytes that are not UTF-8 are visible escapes,
// then & < > " ' as references.
std::string html_text(std::string_view text);

// The same for text that came from evidence, kept from changing the direction of what is around it.
std::string html_evidence(std::string_view text);

// A digest or another long code, which is broken after every 16 characters rather than elsewhere.
std::string html_code(std::string_view text);

// A <time>, "2026-11-22 01:15:38 UTC".
std::string html_time(UtcTime time);
std::string shown_time(UtcTime time);

// "1 234 567", with narrow spaces that do not break. Plain text.
std::string shown_number(std::uint64_t number);

}  // namespace evidence
