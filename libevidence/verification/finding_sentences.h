// One plain sentence for each finding code, for readers who do not know the format. To give a new
// code its sentence, add one line to the table, in order of code; tests/locale_test.py names the
// codes that lack one. Private to the room.
//
// Thread rule: plain functions and values.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/translation.h"

namespace evidence {

struct FindingSentence {
    std::string_view code;
    const char* english;
};

std::span<const FindingSentence> finding_sentences();

// The code's sentence; for a code without one, a sentence that says so little that it is true.
std::string sentence_for(std::string_view code, const Translation& words);

}  // namespace evidence
