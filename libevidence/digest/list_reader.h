// A hash list of any form (digest/list_format.h), file by file.
//
// Strict where a guess would check the wrong file: what cannot be read in exactly one way is a
// ListProblem. Digests by algorithms that are not ours are passed over as long as one of ours is
// there.
//
// Thread rule: belongs to one thread.
#pragma once

#include <functional>
#include <memory>

#include "base/line_reader.h"
#include "digest/list_format.h"

namespace evidence {

// Of a line, and of a <fileobject>.
inline constexpr std::size_t hash_list_max_line_bytes = 256 * 1024;

struct ListReading {
    std::optional<ListFormat> format;  // nullopt: by what the list begins with
    // What a digest without a tag is taken for: the first that has its length. Empty: the algorithm
    // that the name of a bag's manifest says, else untagged_algorithms.
    std::vector<Algorithm> untagged;
    bool takes_bare_digests = false;  // lines with a digest and nothing else
};

// The lines of a list with their numbers, the first of which can be looked at before.
class ListLines {
public:
    explicit ListLines(LineReader& lines) : lines_(lines) {}

    // Valid until the next call. A byte order mark of UTF-8 in front of the list is dropped.
    // Error(malformed) for a line that is too long, and for a list in UTF-16.
    std::optional<std::string_view> next();
    // The first line that says something, which next() still returns.
    std::string_view first();
    std::uint64_t number() const { return lines_.line_number(); }
    const std::string& name() const { return lines_.name(); }

private:
    std::optional<std::string_view> next_line();

    LineReader& lines_;
    std::optional<std::string> waiting_;
    std::string held_;
};

// One form of list; the parsers stand in list_<form>.cpp. The lines must outlive them.
class ListParser {
public:
    virtual ~ListParser() = default;
    virtual std::optional<ListEntry> next() = 0;
};
std::unique_ptr<ListParser> line_list_parser(ListLines& lines, const ListReading& reading,
                                             bool is_bagit);
std::unique_ptr<ListParser> hashdeep_list_parser(ListLines& lines);
std::unique_ptr<ListParser> json_list_parser(ListLines& lines);
std::unique_ptr<ListParser> dfxml_list_parser(ListLines& lines);
std::unique_ptr<ListParser> mtree_list_parser(ListLines& lines);
std::unique_ptr<ListParser> nsrl_list_parser(ListLines& lines);

// Adds a digest in any case of letters; false when it has not the length of its algorithm, or the
// algorithm has one already.
bool add_digest(HashListFile& file, Algorithm algorithm, std::string_view hex);
// "SHA-256", "sha256digest": nullopt for algorithms that are not ours.
std::optional<Algorithm> algorithm_of_column(std::string_view name);

class ListReader {
public:
    // `lines` must outlive the reader.
    ListReader(LineReader& lines, const ListReading& reading);
    ListReader(const ListReader&) = delete;
    ListReader& operator=(const ListReader&) = delete;

    // nullopt at the end. Error(malformed) for a line over the limit.
    std::optional<ListEntry> next() { return parser_->next(); }
    ListFormat format() const { return format_; }
    std::uint64_t line() const { return lines_.number(); }  // where the last entry ends

private:
    ListLines lines_;
    ListFormat format_;
    std::unique_ptr<ListParser> parser_;
};

}  // namespace evidence
