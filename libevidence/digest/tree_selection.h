// Which entries of a folder are to be collected: by patterns and by a list of names. What is left
// out stays in the account, with the rule that left it out.
//
// Thread rule: belongs to one thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/json.h"
#include "base/name_pattern.h"

namespace evidence {

inline constexpr std::size_t name_list_max_bytes = 16 * mib;

// What the user asked for. Paths are relative to the source. An exclusion outweighs an inclusion;
// without any inclusion and list everything is included. What is chosen is chosen with all that is
// below it.
struct TreeSelection {
    std::vector<NamePattern> include, exclude;
    struct NameList {
        std::vector<std::string> names;  // sorted
        std::string sha256;              // of the file they stood in
    };
    std::optional<NameList> listed;

    bool selects_everything() const { return include.empty() && exclude.empty() && !listed; }
};

// Names one per line; or, when the file has a NUL, one before each NUL, so that every name can be
// said. A leading ./ and a trailing / count for nothing. Error(malformed) for a name that is
// absolute or has . or .. in it, for an empty list, and for a file over name_list_max_bytes.
TreeSelection::NameList read_name_list(const fs::path& file);

// For acquisition.json: {"exclude":[..],"files_from":{"names","sha256"},"include":[..]}.
Json to_json(const TreeSelection& selection);

// Applies a selection during a walk in which a folder comes before what is in it.
class Selector {
public:
    explicit Selector(const TreeSelection& selection);

    enum class Answer {
        collect,  // it, and what is below it as far as that is not excluded
        pass,     // a folder on the way to what may be included
        leave,    // with everything below it
    };
    struct Decision {
        Answer answer;
        std::string rule;  // leave: which rule
    };
    Decision decide(std::string_view path, bool is_folder);

    // After the walk: names of the list that were not there, nor below what was excluded.
    void for_each_missing(const std::function<void(std::string_view name)>& visit) const;

private:
    bool is_listed(std::string_view path);
    void forget_below(std::string_view folder);
    bool may_include_below(std::string_view folder) const;

    const TreeSelection& selection_;
    std::vector<bool> seen_;       // of the listed names
    std::string included_folder_;  // everything below is included; ends in /
};

}  // namespace evidence
