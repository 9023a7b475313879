// What a tree capture left out, could not read or saw change, and the account of it all: a court
// can ask for what is missing only if somebody wrote down that it is.
//
//   omitted.jsonl: {"errno":"EACCES","name":"secret","reason":"failed"}
//
// `part` names what is missing of an entry that was collected otherwise: its `content` (zeros from
// `offset_bytes` on), the `list` of a folder, or `metadata`.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "acquisition/entry_record.h"
#include "acquisition/line_file.h"

namespace evidence {

// seen = collected + excluded + failed: a collected entry of which a part is missing is counted
// as collected, and once more as failed for that part.
struct TreeAccount {
    std::uint64_t collected = 0, excluded = 0, failed = 0, changed = 0;
    std::optional<std::string> omitted_sha256;  // absent when nothing was omitted

    std::uint64_t seen() const { return collected + excluded + failed; }
    std::uint64_t excluded_as_asked = 0;  // of the excluded ones

    // Everything that was asked for is there as it was.
    bool complete() const { return excluded - excluded_as_asked + failed + changed == 0; }
};

Json to_json(const TreeAccount& account);

// A file that changed while it was read.
struct FileChange {
    std::uint64_t size_before = 0, size_after = 0;
    FileTime mtime_before, mtime_after;
};

class Omissions {
public:
    explicit Omissions(fs::path path) : path_(std::move(path)) {}

    enum class Exclusion { by_rule, asked_for };
    void exclude(std::string_view name, std::string_view rule,
                 Exclusion reason = Exclusion::by_rule);
    void fail(std::string_view name, int error_number, std::string_view rule = {});
    void fail_part(std::string_view name, std::string_view part, int error_number,
                   std::string_view rule = {}, std::optional<std::uint64_t> offset_bytes = {});
    void change(std::string_view name, const FileChange& change);
    void count_collected() { ++account_.collected; }

    // Makes the list durable. To be called once, at the end.
    TreeAccount finish();

private:
    void add(const Json& line);

    fs::path path_;
    std::optional<LineFile> lines_;  // there is no list when nothing was omitted
    TreeAccount account_;
};

}  // namespace evidence
