#include "digest/list_reader.h"

#include <algorithm>

#include "base/error.h"
#include "base/hex.h"
#include "base/item_id.h"
#include "digest/hash_list.h"

namespace evidence {
namespace {

constexpr std::string_view utf8_mark = "\xef\xbb\xbf";  // as Windows puts it in front of text

// %0A, %0D and %25 in the names of BagIt manifests (RFC 8493, 2.1.3); nothing else is encoded.
std::string bagit_name(std::string_view text) {
    std::string name;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::string code = fold_case(text.substr(i, 3));
        if (code == "%0a" || code == "%0d" || code == "%25") {
            name += code == "%0a" ? '\n' : code == "%0d" ? '\r' : '%';
            i += 2;
        } else {
            name += text[i];
        }
    }
    return name;
}

// "sha3256" of manifest-sha3256.txt.
std::optional<Algorithm> algorithm_of_manifest(std::string_view file_name) {
    const std::string_view last = file_name.substr(file_name.rfind('/') + 1);
    const std::size_t dash = last.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const std::string_view rest = last.substr(dash + 1);
    return algorithm_of_column(rest.substr(0, rest.rfind('.')));
}

std::vector<Algorithm> untagged_of(const ListReading& reading, std::string_view manifest) {
    if (!reading.untagged.empty()) return reading.untagged;
    if (const auto algorithm = algorithm_of_manifest(manifest)) return {*algorithm};
    return {untagged_algorithms.begin(), untagged_algorithms.end()};
}

class LineListParser : public ListParser {
public:
    LineListParser(ListLines& lines, const ListReading& reading, bool is_bagit)
        : lines_(lines),
          untagged_(untagged_of(reading, is_bagit ? lines.name() : "")),
          takes_bare_(reading.takes_bare_digests),
          is_bagit_(is_bagit) {}

    std::optional<ListEntry> next() override {
        while (const auto line = lines_.next()) {
            if (is_hash_list_comment(*line)) continue;
            if (takes_bare_) {
                if (auto bare = bare_digest(*line)) return bare;
            }
            auto parsed = parse_hash_line(*line, untagged_);
            if (const auto* problem = std::get_if<HashLineProblem>(&parsed)) {
                return ListProblem{lines_.number(), problem->expected};
            }
            auto& found = std::get<HashLine>(parsed);
            return HashListFile{is_bagit_ ? bagit_name(found.name) : std::move(found.name),
                                std::nullopt,
                                {{found.algorithm, std::move(found.digest_hex)}}};
        }
        return std::nullopt;
    }

private:
    std::optional<ListEntry> bare_digest(std::string_view line) const {
        if (line.ends_with('\r')) line.remove_suffix(1);
        for (const Algorithm algorithm : untagged_) {
            HashListFile file;
            if (add_digest(file, algorithm, line)) return file;
        }
        return std::nullopt;
    }

    ListLines& lines_;
    std::vector<Algorithm> untagged_;
    bool takes_bare_, is_bagit_;
};

std::unique_ptr<ListParser> parser_of(ListFormat format, ListLines& lines,
                                      const ListReading& reading) {
    switch (format) {
        case ListFormat::sha256sum:
        case ListFormat::bsd:
            return line_list_parser(lines, reading, false);
        case ListFormat::bagit:
            return line_list_parser(lines, reading, true);
        case ListFormat::hashdeep:
            return hashdeep_list_parser(lines);
        case ListFormat::jsonl:
            return json_list_parser(lines);
        case ListFormat::dfxml:
            return dfxml_list_parser(lines);
        case ListFormat::mtree:
            return mtree_list_parser(lines);
        case ListFormat::nsrl:
            return nsrl_list_parser(lines);
    }
    return nullptr;
}

}  // namespace

std::unique_ptr<ListParser> line_list_parser(ListLines& lines, const ListReading& reading,
                                             bool is_bagit) {
    return std::make_unique<LineListParser>(lines, reading, is_bagit);
}

std::optional<std::string_view> ListLines::next() {
    if (waiting_) {
        held_ = std::move(*waiting_);
        waiting_.reset();
        return held_;
    }
    return next_line();
}

std::optional<std::string_view> ListLines::next_line() {
    auto line = lines_.next();
    if (!line || lines_.line_number() != 1) return line;
    if (line->starts_with("\xff\xfe") || line->starts_with("\xfe\xff")) {
        throw Error(ErrorKind::malformed, "in UTF-16: " + name() + " (expected a list in UTF-8)",
                    "iconv -f UTF-16 -t UTF-8 converts it");
    }
    if (line->starts_with(utf8_mark)) line->remove_prefix(utf8_mark.size());
    return line;
}

std::string_view ListLines::first() {
    while (!waiting_) {
        const auto line = next_line();
        if (!line) return {};
        // Comments say nothing, except the one that names its form.
        const bool is_said = !is_hash_list_comment(*line) || line->starts_with("#mtree");
        if (is_said) waiting_ = *line;
    }
    return *waiting_;
}

bool add_digest(HashListFile& file, Algorithm algorithm, std::string_view hex) {
    std::string digest = fold_case(hex);
    const bool is_there =
        std::any_of(file.digests.begin(), file.digests.end(),
                    [algorithm](const ListedDigest& each) { return each.algorithm == algorithm; });
    if (is_there || !is_hex(digest, 2 * digest_bytes(algorithm))) return false;
    file.digests.push_back({algorithm, std::move(digest)});
    return true;
}

std::optional<Algorithm> algorithm_of_column(std::string_view name) {
    std::string folded = fold_case(name);
    if (folded.ends_with("digest"))
        folded.resize(folded.size() - std::string_view("digest").size());
    std::replace(folded.begin(), folded.end(), '_', '-');
    if (const auto known = algorithm_named(folded)) return known;
    std::erase(folded, '-');
    for (const Algorithm algorithm : all_algorithms) {
        std::string own(name_of(algorithm));
        std::erase(own, '-');
        if (own == folded) return algorithm;
    }
    return std::nullopt;
}

ListReader::ListReader(LineReader& lines, const ListReading& reading)
    : lines_(lines),
      format_(reading.format ? *reading.format : list_format_of(lines_.first(), lines_.name())),
      parser_(parser_of(format_, lines_, reading)) {}

}  // namespace evidence
