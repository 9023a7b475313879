// Translations of what the tools say, through gettext(3). Catalogues are found relative to the
// program, in ../share/locale, so that an installed folder may be moved.
//
// The locale of the process stays "C": only while a text is looked up does the calling thread use
// the reader's. So nothing else, above all not JSON, can change with the language.
#pragma once

#include <locale.h>

#include <string>

#include "base/translation.h"

namespace evidence::cli {

// Thread rule: one object, one thread; LANGUAGE is set in the environment when a language is named.
class Catalogue : public Translation {
public:
    // `language` as of --lang ("vi"), empty for what the environment says (LANGUAGE, LC_ALL,
    // LC_MESSAGES, LANG). English when that has no catalogue. Error(usage) for a language named
    // without a catalogue; Error(io) when the system has no locale to look it up in.
    explicit Catalogue(const std::string& language);
    ~Catalogue() override;
    Catalogue(const Catalogue&) = delete;
    Catalogue& operator=(const Catalogue&) = delete;

    std::string language() const override { return language_; }
    std::string text(const char* english) const override;
    std::string plural(const char* one, const char* many, std::uint64_t count) const override;

private:
    void open(const std::string& wanted);
    std::string header_language() const;

    locale_t locale_{};
    std::string language_ = "en";
};

}  // namespace evidence::cli
