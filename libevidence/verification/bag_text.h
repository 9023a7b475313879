// Lines of a tag file of a bag, in the encoding that the bag declares, as UTF-8 (RFC 8493 section
// 2.3). Private to the room.
//
// The name of the encoding comes from whoever made the bag, and the system's converters are large:
// only what is decoded here, in a few lines each, is known.
//
// Thread rule: a TagLines belongs to one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/file.h"

namespace evidence {

enum class TagEncoding { utf8, us_ascii, iso_8859_1, utf16, utf16be, utf16le };

// By the IANA name or one of its aliases, whatever its case; nullopt for all others.
std::optional<TagEncoding> tag_encoding_named(std::string_view name);

// The bytes of UTF-8 `text` in ISO-8859-1; nullopt when it has characters beyond it.
std::optional<std::string> to_iso_8859_1(std::string_view text);

// Paths have no limit in the RFC; ours are at most 64 KiB, each byte perhaps percent-encoded.
inline constexpr std::size_t tag_line_max_bytes = 256 * kib;

class TagLines {
public:
    // `file` must outlive the reader.
    TagLines(const File& file, TagEncoding encoding);

    // The next line without its end (LF, CR or CRLF), valid until the next call. nullopt at the
    // end, and for good once problem() says something. Error(io).
    std::optional<std::string_view> next();

    std::uint64_t line_number() const { return line_number_; }  // of the last line, from 1
    // Why the text cannot be read on: bytes that are not in the encoding, a line too long.
    const std::string& problem() const { return problem_; }
    // A byte order mark where the encoding needs none.
    bool has_needless_mark() const { return has_needless_mark_; }

private:
    bool is_wide() const { return encoding_ >= TagEncoding::utf16; }
    void skip_mark();
    std::optional<unsigned> next_unit();
    std::optional<std::string_view> decoded_line();
    std::optional<std::string_view> fail(std::string problem);

    const File& file_;
    TagEncoding encoding_;
    std::uint64_t offset_ = 0;
    Bytes buffer_;
    std::size_t position_ = 0, filled_ = 0;
    std::u16string units_;  // of the current line; bytes when the encoding is narrow
    std::string line_;
    std::uint64_t line_number_ = 0;
    std::string problem_;
    bool has_needless_mark_ = false, after_carriage_return_ = false, at_end_ = false;
};

}  // namespace evidence
