// Lists of hashdeep and md5deep: a heading that names the columns, then a line per file. Names
// stand as they are, commas included, at the end of the line.
#include <charconv>

#include "digest/list_reader.h"

namespace evidence {
namespace {

constexpr std::string_view columns_mark = "%%%% ";

class HashdeepListParser : public ListParser {
public:
    explicit HashdeepListParser(ListLines& lines) : lines_(lines) {}

    std::optional<ListEntry> next() override {
        while (const auto text = lines_.next()) {
            std::string_view line = *text;
            if (line.ends_with('\r')) line.remove_suffix(1);
            if (line.empty() || line.starts_with("##")) continue;
            if (line.starts_with("%%%% HASHDEEP-")) continue;
            if (line.starts_with(columns_mark)) {
                set_columns(line.substr(columns_mark.size()));
                continue;
            }
            return parse(line, lines_.number());
        }
        return std::nullopt;
    }

private:
    // "size,md5,sha256,filename": only what stands between size and filename differs.
    void set_columns(std::string_view names) {
        columns_.clear();
        while (!names.empty()) {
            const std::string_view name = names.substr(0, names.find(','));
            names.remove_prefix(std::min(name.size() + 1, names.size()));
            if (name != "size" && name != "filename") columns_.push_back(algorithm_of_column(name));
        }
    }

    ListEntry parse(std::string_view line, std::uint64_t number) const {
        const auto problem = [number](std::string_view expected) {
            return ListProblem{number, expected};
        };
        const auto take = [&line]() -> std::optional<std::string_view> {
            const std::size_t comma = line.find(',');
            if (comma == std::string_view::npos) return std::nullopt;
            const std::string_view field = line.substr(0, comma);
            line.remove_prefix(comma + 1);
            return field;
        };
        HashListFile file;
        const auto size = take();
        std::uint64_t bytes = 0;
        if (!size || columns_.empty()) return problem("the columns that the heading names");
        const auto [end, error] = std::from_chars(size->data(), size->data() + size->size(), bytes);
        if (error != std::errc() || end != size->data() + size->size()) return problem("a size");
        file.size_bytes = bytes;
        for (const std::optional<Algorithm>& column : columns_) {
            const auto digest = take();
            if (!digest) return problem("the columns that the heading names");
            if (column && !add_digest(file, *column, *digest)) {
                return problem("a digest of the algorithm's length");
            }
        }
        if (file.digests.empty()) return problem("a digest by an algorithm we know");
        if (line.empty()) return problem("a name");
        if (line.find('\0') != std::string_view::npos) return problem("a name without zero bytes");
        file.name = line;
        return file;
    }

    ListLines& lines_;
    std::vector<std::optional<Algorithm>> columns_;  // nullopt: not one of ours
};

}  // namespace

std::unique_ptr<ListParser> hashdeep_list_parser(ListLines& lines) {
    return std::make_unique<HashdeepListParser>(lines);
}

}  // namespace evidence
