// Private to digest: the tags and texts of an XML document (XML 1.0), read line by line.
//
// No XML parser: it knows tags, text, comments and processing instructions, character references
// and the five named ones. What would give text another meaning (a declaration, a CDATA section) is
// a token of its own, for the caller to refuse.
//
// Thread rule: belongs to one thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "digest/list_reader.h"

namespace evidence {

struct XmlToken {
    enum class Kind {
        text,         // up to the next tag; as it stands, references included
        open,         // <a>
        close,        // </a>
        empty,        // <a/>
        instruction,  // <?xml version='1.0'?>
        section,      // <![CDATA[..]]>
        declaration,  // <!DOCTYPE..
        broken,       // the document ends in it, or it is longer than hash_list_max_line_bytes
    };
    Kind kind = Kind::text;
    std::string_view name;     // of the element, without a prefix; of the instruction
    std::string_view content;  // of a tag: what stands between < and >
};

class XmlTokens {
public:
    explicit XmlTokens(ListLines& lines) : lines_(lines) {}

    // Views are valid until the next call; comments are passed over; nullopt at the end. Nothing
    // may be read behind `broken` and `declaration`.
    std::optional<XmlToken> next();

private:
    bool more();
    std::optional<std::size_t> find(std::string_view wanted, std::size_t from);
    std::optional<std::size_t> end_of_tag();
    bool begins_with(std::string_view mark) const;
    XmlToken take(XmlToken::Kind kind, std::size_t content_at, std::size_t content_end,
                  std::size_t end);
    XmlToken broken();
    XmlToken text();
    XmlToken tag();

    ListLines& lines_;
    std::string buffer_;
    std::size_t start_ = 0;  // of what was not returned yet
};

// The value of an attribute of a tag, as it stands; nullopt when it has none.
std::optional<std::string_view> xml_attribute(std::string_view tag, std::string_view name);

// Text with its references replaced; nullopt for one that is not known, or a '<'.
std::optional<std::string> text_of_xml(std::string_view text);

}  // namespace evidence
