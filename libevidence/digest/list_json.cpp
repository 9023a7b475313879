// Lists of one JSON object a line, as evidence-hash --format jsonl writes them.
#include "base/error.h"
#include "base/hex.h"
#include "base/json.h"
#include "digest/list_reader.h"

namespace evidence {
namespace {

ListEntry parse(std::string_view line, std::uint64_t number) {
    const auto problem = [number](std::string_view expected) {
        return ListProblem{number, expected};
    };
    const Json json = parse_relaxed(line, "line");
    if (!json.is_object()) return problem("a JSON object");
    const Json* digests = json.find("digests");
    if (!digests || !digests->is_object()) return problem("an object \"digests\"");
    HashListFile file;
    for (const auto& [name, digest] : digests->members()) {
        const auto algorithm = algorithm_named(name);
        if (!algorithm) continue;
        if (!digest.is_string() || !add_digest(file, *algorithm, digest.string())) {
            return problem("a digest of the algorithm's length");
        }
    }
    if (file.digests.empty()) return problem("a digest by an algorithm we know");
    if (const Json* size = json.find("size_bytes"); size && size->is_integer()) {
        file.size_bytes = size->size();
    }
    const Json* text = json.find("name");
    const Json* bytes = json.find("name_bytes");
    if (text && text->is_string()) {
        file.name = text->string();
    } else if (bytes && bytes->is_string()) {
        if (const auto raw = from_hex(bytes->string())) file.name = as_text(*raw);
    }
    if (file.name.empty() || file.name.find('\0') != std::string::npos) return problem("a name");
    return file;
}

class JsonListParser : public ListParser {
public:
    explicit JsonListParser(ListLines& lines) : lines_(lines) {}

    std::optional<ListEntry> next() override {
        const auto line = lines_.next();
        if (!line) return std::nullopt;
        try {
            return parse(*line, lines_.number());
        } catch (const Error& error) {
            if (error.kind() != ErrorKind::malformed) throw;
            return ListProblem{lines_.number(), "a JSON object"};
        }
    }

private:
    ListLines& lines_;
};

}  // namespace

std::unique_ptr<ListParser> json_list_parser(ListLines& lines) {
    return std::make_unique<JsonListParser>(lines);
}

}  // namespace evidence
