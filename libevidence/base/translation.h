// Words for people in the reader's language. What programs read (codes, JSON, exit statuses) never
// passes through here.
//
// The library writes its sentences in English, the catalogue of another language is the caller's
// (the tools' is gettext's, apps/cli/catalogue.h). Places for values stand in braces, so that a
// language may put them in its own order: "{count} of {total}".
//
// Thread rule: as the implementation says; english() may be used from any thread.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace evidence {

class Translation {
public:
    virtual ~Translation() = default;
    virtual std::string language() const { return "en"; }  // BCP 47
    virtual std::string text(const char* english) const { return english; }
    virtual std::string plural(const char* one, const char* many, std::uint64_t count) const {
        return count == 1 ? one : many;
    }
};

const Translation& english();

// Marks a text in a table for the catalogue (xgettext --keyword=translatable).
constexpr const char* translatable(const char* english_text) { return english_text; }

// Of the scripts that are written from right to left.
bool is_right_to_left(std::string_view language);

struct PlaceValue {
    std::string_view name;
    std::string value;
};

// Every "{name}" of a value given is replaced, once and without looking at what was put in;
// anything else in braces stays, so no translation can do harm.
std::string fill(std::string_view pattern, std::initializer_list<PlaceValue> values);

}  // namespace evidence
