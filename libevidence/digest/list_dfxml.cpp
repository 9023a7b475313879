// The file objects of Digital Forensics XML, as hashdeep -d, fiwalk and we write them:
//
//     <fileobject>
//       <filename>a/b</filename><filesize>3</filesize>
//       <hashdigest type='MD5'>900150983cd24fb0d6963f7d28e17f72</hashdigest>
//     </fileobject>
//
// Only what stands right below a file object counts: a <byte_run> has digests of its own. The
// document has to be well-formed as far as its tags go; where it is not, reading ends with a
// problem, since what follows could be anything.
#include <charconv>

#include "base/item_id.h"
#include "digest/xml_tokens.h"

namespace evidence {
namespace {

using Kind = XmlToken::Kind;

constexpr std::size_t max_depth = 64;
constexpr std::size_t max_name_bytes = 256;  // of an element

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// One file object while it is read. Of several problems the first is kept.
class FileObject {
public:
    void begin_element(const XmlToken& open) {
        element_ = open.name;
        text_.clear();
        const auto type = xml_attribute(open.content, "type");
        algorithm_ = type ? algorithm_of_column(*type) : std::nullopt;
    }
    void add_text(std::string_view text) { text_ += text; }
    void refuse(std::string_view expected) {
        if (problem_.empty()) problem_ = expected;
    }
    // One that has elements or sections in it is not text.
    void refuse_inner() {
        if (counts()) refuse("text only in filename, filesize and hashdigest");
    }

    void end_element() {
        if (!counts()) return;
        const std::optional<std::string> text = text_of_xml(text_);
        if (!text) return refuse("text and the references of XML");
        if (element_ == "filename") {
            take_name(*text);
        } else if (element_ == "filesize") {
            take_size(trimmed(*text));
        } else if (element_ == "name_type") {
            is_regular_ = trimmed(*text) == "r";
        } else if (algorithm_ && !add_digest(file_, *algorithm_, trimmed(*text))) {
            refuse("one digest of the algorithm's length");
        }
    }

    // nullopt: a folder, a link or the like, of which there is nothing to check.
    std::optional<ListEntry> finish(std::uint64_t line) {
        const bool has_digests = !file_.digests.empty();
        if (!has_digests && !is_regular_ && problem_.empty()) return std::nullopt;
        if (file_.name.empty()) refuse("a filename");
        if (!has_digests) refuse("a digest by an algorithm we know");
        if (!problem_.empty()) return ListProblem{line, problem_};
        return std::move(file_);
    }

private:
    bool counts() const {
        return element_ == "filename" || element_ == "filesize" || element_ == "hashdigest" ||
               element_ == "name_type";
    }
    void take_name(const std::string& name) {
        const bool has_zero = name.find('\0') != std::string::npos;
        if (!file_.name.empty() || name.empty() || has_zero) return refuse("one filename");
        file_.name = name;
    }
    void take_size(std::string_view digits) {
        std::uint64_t size = 0;
        const char* last = digits.data() + digits.size();
        const auto [stop, error] = std::from_chars(digits.data(), last, size);
        if (error != std::errc() || stop != last || file_.size_bytes) return refuse("one size");
        file_.size_bytes = size;
    }

    HashListFile file_;
    bool is_regular_ = true;
    std::string element_, text_;
    std::optional<Algorithm> algorithm_;
    std::string_view problem_;
};

class DfxmlListParser : public ListParser {
public:
    explicit DfxmlListParser(ListLines& lines) : lines_(lines), tokens_(lines) {}

    std::optional<ListEntry> next() override {
        while (!is_done_) {
            const std::optional<XmlToken> token = tokens_.next();
            if (!token) {
                is_done_ = true;
                if (elements_.empty()) break;
                return problem("an end of every element");
            }
            if (auto entry = take(*token)) return entry;
        }
        return std::nullopt;
    }

private:
    std::optional<ListEntry> take(const XmlToken& token) {
        switch (token.kind) {
            case Kind::text:
                return take_text(token.content);
            case Kind::open:
                return open(token);
            case Kind::close:
                return close(token.name);
            case Kind::empty:
                return take_empty(token);
            case Kind::instruction:
                return take_instruction(token);
            case Kind::section:
                if (object_) object_->refuse("elements and text only");
                return std::nullopt;
            case Kind::declaration:
                return stop("no declarations");
            case Kind::broken:
                return stop("tags that end, of at most 256 KiB");
        }
        return std::nullopt;
    }

    // A list that is not XML any more is not read on.
    ListEntry stop(std::string_view expected) {
        is_done_ = true;
        return problem(expected);
    }
    ListEntry problem(std::string_view expected) const {
        return ListProblem{lines_.number(), expected};
    }
    // 0: the file object itself, 1: what stands right below it.
    std::size_t depth_in_object() const { return elements_.size() - object_depth_; }

    std::optional<ListEntry> take_text(std::string_view text) {
        if (elements_.empty() && !trimmed(text).empty()) return stop("text within elements only");
        if (!object_) return std::nullopt;
        if (depth_in_object() == 1) {
            object_->add_text(text);
            text_bytes_ += text.size();
            if (text_bytes_ > hash_list_max_line_bytes) return stop("a file object of 256 KiB");
        } else if (depth_in_object() == 0 && !trimmed(text).empty()) {
            object_->refuse("no text beside the elements");
        }
        return std::nullopt;
    }

    std::optional<ListEntry> open(const XmlToken& token) {
        if (elements_.size() == max_depth || token.name.size() > max_name_bytes) {
            return stop("elements 64 deep, with names of 256 bytes");
        }
        elements_.emplace_back(token.name);
        if (object_) {
            if (token.name == "fileobject") object_->refuse("no file object in another");
            if (depth_in_object() == 1) object_->begin_element(token);
            if (depth_in_object() == 2) object_->refuse_inner();
        } else if (token.name == "fileobject") {
            object_.emplace();
            object_depth_ = elements_.size();
            text_bytes_ = 0;
        }
        return std::nullopt;
    }

    std::optional<ListEntry> close(std::string_view name) {
        if (elements_.empty() || elements_.back() != name) return stop("tags in pairs");
        if (object_ && depth_in_object() == 1) object_->end_element();
        const bool ends_object = object_ && depth_in_object() == 0;
        elements_.pop_back();
        if (!ends_object) return std::nullopt;
        FileObject object = std::move(*object_);
        object_.reset();
        return object.finish(lines_.number());
    }

    std::optional<ListEntry> take_empty(const XmlToken& token) {
        if (auto entry = open(token)) return entry;
        return close(token.name);
    }

    std::optional<ListEntry> take_instruction(const XmlToken& token) {
        const auto encoding = xml_attribute(token.content, "encoding");
        const std::string folded = fold_case(encoding.value_or("utf-8"));
        if (token.name != "xml" || folded == "utf-8" || folded == "us-ascii") return std::nullopt;
        return stop("names in UTF-8");
    }

    ListLines& lines_;
    XmlTokens tokens_;
    std::vector<std::string> elements_;  // that are open
    std::optional<FileObject> object_;
    std::size_t object_depth_ = 0;  // how many were open with it
    std::size_t text_bytes_ = 0;    // in it
    bool is_done_ = false;
};

}  // namespace

std::unique_ptr<ListParser> dfxml_list_parser(ListLines& lines) {
    return std::make_unique<DfxmlListParser>(lines);
}

}  // namespace evidence
