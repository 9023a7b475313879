// NSRLFile.txt of NIST's National Software Reference Library (RDS 2): CSV, every text in quotes,
// with a heading: "SHA-1","MD5","CRC32","FileName","FileSize",...
#include "digest/list_reader.h"

namespace evidence {
namespace {

// The fields of a line; nullopt when a quotation does not end.
std::optional<std::vector<std::string>> fields_of(std::string_view line) {
    std::vector<std::string> fields(1);
    bool is_quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (c == '"') {
            // Two of them inside a quotation are one.
            if (is_quoted && i + 1 < line.size() && line[i + 1] == '"') {
                fields.back() += c;
                ++i;
            } else {
                is_quoted = !is_quoted;
            }
        } else if (c == ',' && !is_quoted) {
            fields.emplace_back();
        } else {
            fields.back() += c;
        }
    }
    if (is_quoted) return std::nullopt;
    return fields;
}

class NsrlListParser : public ListParser {
public:
    explicit NsrlListParser(ListLines& lines) : lines_(lines) {}

    std::optional<ListEntry> next() override {
        while (const auto text = lines_.next()) {
            std::string_view line = *text;
            if (line.ends_with('\r')) line.remove_suffix(1);
            if (line.empty()) continue;
            const auto fields = fields_of(line);
            if (!fields) return ListProblem{lines_.number(), "quotations that end"};
            if (columns_.empty()) {
                columns_ = *fields;
                continue;
            }
            return parse(*fields, lines_.number());
        }
        return std::nullopt;
    }

private:
    ListEntry parse(const std::vector<std::string>& fields, std::uint64_t number) const {
        if (fields.size() != columns_.size()) {
            return ListProblem{number, "as many fields as the heading has"};
        }
        HashListFile file;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (columns_[i] == "FileName") file.name = fields[i];
            const auto algorithm = algorithm_of_column(columns_[i]);
            if (algorithm && !add_digest(file, *algorithm, fields[i])) {
                return ListProblem{number, "a digest of the algorithm's length"};
            }
        }
        if (file.digests.empty()) return ListProblem{number, "a digest by an algorithm we know"};
        if (file.name.find('\0') != std::string::npos) {
            return ListProblem{number, "a name without zero bytes"};
        }
        return file;
    }

    ListLines& lines_;
    std::vector<std::string> columns_;
};

}  // namespace

std::unique_ptr<ListParser> nsrl_list_parser(ListLines& lines) {
    return std::make_unique<NsrlListParser>(lines);
}

}  // namespace evidence
