// Patterns for the names in a tree: which files are meant.
//
//   *    anything but /            ?    one byte but /
//   **   anything, / included      [..] one of these bytes, [!..] one of the others, never /
//   \x   the byte x itself
//
// `**/` also stands for no folder at all. A pattern without / is held against the last part of a
// path, any other against the whole path. Bytes are compared as they are: no locale, no case
// folding, no Unicode normalisation, so that the same list means the same everywhere.
//
// Thread rule: immutable; may be shared.
#pragma once

#include <bitset>
#include <string>
#include <string_view>
#include <vector>

namespace evidence {

inline constexpr std::size_t name_pattern_max_bytes = 4096;

class NamePattern {
public:
    // Error(usage) for a pattern that is empty, too long, leaves a [ open, ends in a \, or has
    // . or .. as a part, which no path in a tree has. A / at the start or end counts for nothing
    // but makes it a pattern for whole paths.
    explicit NamePattern(std::string text);

    // `path` is relative to the root of the tree: "a/b".
    bool matches(std::string_view path) const;
    // False when nothing below this folder can match: it need not be searched.
    bool can_match_below(std::string_view folder) const;

    const std::string& text() const { return text_; }  // as given

private:
    struct Token {
        enum class Kind { one_of, run, run_with_slash, any_folders } kind;
        std::bitset<256> bytes;  // one_of
    };

    void compile(std::string_view pattern);
    std::size_t compile_class(std::string_view pattern, std::size_t at);
    void add_literal(char byte);
    using States = std::vector<char>;
    void move_without_byte(States& states) const;

    std::string text_;
    std::vector<Token> tokens_;
    std::string literal_start_;  // "a/b/" of "a/b/*.txt", all of a pattern without specials
    bool is_literal_ = false;
    bool is_for_paths_ = false;
};

}  // namespace evidence
