// Specifications of mtree(5), of NetBSD, FreeBSD and libarchive: a line per entry with its
// keywords. A name with a slash is a whole path; one without belongs to the folder at hand, which
// an entry of type=dir enters and ".." leaves. Names are encoded as vis(3) does.
#include <charconv>

#include "base/error.h"
#include "digest/list_reader.h"

namespace evidence {
namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::size_t max_folder_bytes = 4096;  // as long as a path can be

// "\040" and "\s" stand for a blank; nullopt for an escape that vis(3) does not write.
std::optional<std::string> unvis(std::string_view text) {
    constexpr std::string_view letters = "sntrabvf\\#", bytes = " \n\t\r\a\b\v\f\\#";
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            name += text[i];
            continue;
        }
        const std::string_view rest = text.substr(i + 1);
        unsigned value = 0;
        const std::string_view octal = rest.substr(0, 3);
        const auto [end, error] =
            std::from_chars(octal.data(), octal.data() + octal.size(), value, 8);
        if (octal.size() == 3 && error == std::errc() && end == octal.data() + 3 && value < 256) {
            name += static_cast<char>(value);
            i += 3;
            continue;
        }
        const std::size_t letter = rest.empty() ? std::string_view::npos : letters.find(rest[0]);
        if (letter == std::string_view::npos) return std::nullopt;
        name += bytes[letter];
        ++i;
    }
    return name;
}

// Where a comment begins: names have '#' with a backslash in front.
std::size_t comment_of(std::string_view line) {
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '#') return i;
        if (line[i] == '\\') ++i;
    }
    return std::string_view::npos;
}

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (true) {
        const std::size_t start = line.find_first_not_of(blanks);
        if (start == std::string_view::npos) return words;
        line.remove_prefix(start);
        const std::string_view word = line.substr(0, line.find_first_of(blanks));
        words.push_back(word);
        line.remove_prefix(word.size());
    }
}

class MtreeListParser : public ListParser {
public:
    explicit MtreeListParser(ListLines& lines) : lines_(lines) {}

    std::optional<ListEntry> next() override {
        while (const auto text = whole_line()) {
            const std::vector<std::string_view> words = words_of(*text);
            if (words.empty()) continue;
            if (words[0] == "/set" || words[0] == "/unset") {
                set_defaults(words);
            } else if (words[0] == "..") {
                leave_folder();
            } else if (auto entry = parse(words, lines_.number())) {
                return entry;
            }
        }
        return std::nullopt;
    }

private:
    // A backslash at its end continues a line, unless it is part of a comment.
    std::optional<std::string> whole_line() {
        std::string whole;
        while (const auto line = lines_.next()) {
            std::string_view text = *line;
            if (text.ends_with('\r')) text.remove_suffix(1);
            const std::size_t comment = comment_of(text);
            whole += text.substr(0, comment);
            if (comment != std::string_view::npos || !whole.ends_with('\\')) return whole;
            whole.back() = ' ';
            if (whole.size() > hash_list_max_line_bytes) {
                throw Error(ErrorKind::malformed,
                            "line too long: " + lines_.name() + " line " +
                                std::to_string(lines_.number()) +
                                " (expected at most 256 KiB with what continues it)");
            }
        }
        if (whole.empty()) return std::nullopt;
        return whole;
    }

    // Only the type matters here.
    void set_defaults(const std::vector<std::string_view>& words) {
        for (const std::string_view word : words) {
            if (word.starts_with("type=")) {
                default_type_ = words[0] == "/set" ? word.substr(5) : std::string_view("file");
            }
            if (word == "type" || word == "all") default_type_ = "file";
        }
    }

    void leave_folder() {
        const std::size_t slash = folder_.rfind('/');
        folder_.resize(slash == std::string::npos ? 0 : slash);
    }

    // nullopt: an entry of which there is nothing to check.
    std::optional<ListEntry> parse(const std::vector<std::string_view>& words,
                                   std::uint64_t number) {
        const auto problem = [number](std::string_view expected) {
            return ListProblem{number, expected};
        };
        std::optional<std::string> name = unvis(words[0]);
        if (!name || name->empty() || name->find('\0') != std::string::npos) {
            return problem("a name as vis(3) encodes it");
        }
        HashListFile file;
        std::string_view type = default_type_;
        for (const std::string_view word : std::span(words).subspan(1)) {
            const std::size_t equals = word.find('=');
            if (equals == std::string_view::npos) continue;
            const std::string_view key = word.substr(0, equals), value = word.substr(equals + 1);
            if (key == "type") {
                type = value;
            } else if (key == "size") {
                std::uint64_t size = 0;
                const char* last = value.data() + value.size();
                const auto [stop, error] = std::from_chars(value.data(), last, size);
                if (error != std::errc() || stop != last) return problem("a size");
                file.size_bytes = size;
            } else if (const auto algorithm = algorithm_of_column(key)) {
                // FreeBSD writes both sha256= and sha256digest=.
                const bool is_new = add_digest(file, *algorithm, value);
                if (!is_new) return problem("one digest of the algorithm's length");
            }
        }
        file.name = place(*name, type == "dir");
        if (type != "file") return std::nullopt;
        if (file.digests.empty()) return problem("a digest by an algorithm we know");
        return file;
    }

    std::string place(const std::string& name, bool is_folder) {
        std::string path = name;
        if (name.find('/') == std::string::npos) {
            if (!folder_.empty()) path = folder_ + "/" + name;
            if (name == ".") path.clear();
            if (is_folder) enter(path);
        } else if (name.starts_with("./")) {
            path = name.substr(2);
        }
        // Alone it would be standard input.
        return path == "-" ? "./-" : path;
    }

    void enter(const std::string& folder) {
        if (folder.size() > max_folder_bytes) {
            throw Error(ErrorKind::malformed, "folders too deep: " + lines_.name() + " line " +
                                                  std::to_string(lines_.number()) +
                                                  " (expected paths of at most 4096 bytes)");
        }
        folder_ = folder;
    }

    ListLines& lines_;
    std::string folder_;
    std::string default_type_ = "file";
};

}  // namespace

std::unique_ptr<ListParser> mtree_list_parser(ListLines& lines) {
    return std::make_unique<MtreeListParser>(lines);
}

}  // namespace evidence
