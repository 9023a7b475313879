#include "digest/tree_selection.h"

#include <algorithm>

#include "base/error.h"
#include "digest/digest.h"

namespace evidence {
namespace {

constexpr std::string_view not_included = "not included";

[[noreturn]] void refuse_name(const fs::path& file, std::string_view name, const char* expected) {
    throw Error(ErrorKind::malformed, "unusable name in " + file.native() + ": " +
                                          std::string(name.substr(0, 200)) + " (expected " +
                                          expected + ")");
}

std::string_view relative_name(std::string_view name, const fs::path& file) {
    const std::string_view given = name;
    if (name.starts_with("./")) name.remove_prefix(2);
    if (name.ends_with('/')) name.remove_suffix(1);
    if (name.starts_with('/')) refuse_name(file, given, "a path relative to the source");
    for (std::size_t start = 0; start <= name.size();) {
        const std::size_t end = std::min(name.find('/', start), name.size());
        const std::string_view part = name.substr(start, end - start);
        if (part.empty() || part == "." || part == "..") {
            refuse_name(file, given, "no part empty, . or ..");
        }
        start = end + 1;
    }
    return name;
}

Json texts_json(const std::vector<NamePattern>& patterns) {
    Json texts = Json::array();
    for (const NamePattern& pattern : patterns) texts.push_back(pattern.text());
    return texts;
}

const NamePattern* first_match(const std::vector<NamePattern>& patterns, std::string_view path) {
    const auto found =
        std::find_if(patterns.begin(), patterns.end(),
                     [path](const NamePattern& pattern) { return pattern.matches(path); });
    return found == patterns.end() ? nullptr : &*found;
}

}  // namespace

TreeSelection::NameList read_name_list(const fs::path& file) {
    const std::string text = read_small_file(file, name_list_max_bytes);
    TreeSelection::NameList list{{}, sha256_hex(text)};
    const char separator = text.find('\0') == std::string::npos ? '\n' : '\0';
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(separator), rest.size());
        const std::string_view name = rest.substr(0, end);
        if (!name.empty()) list.names.emplace_back(relative_name(name, file));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (list.names.empty()) {
        throw Error(ErrorKind::malformed,
                    "no names: " + file.native() + " (expected one per line)");
    }
    std::sort(list.names.begin(), list.names.end());
    list.names.erase(std::unique(list.names.begin(), list.names.end()), list.names.end());
    return list;
}

Json to_json(const TreeSelection& selection) {
    Json json = Json::object({});
    if (!selection.include.empty()) json.set("include", texts_json(selection.include));
    if (!selection.exclude.empty()) json.set("exclude", texts_json(selection.exclude));
    if (selection.listed) {
        json.set("files_from", Json::object({{"names", selection.listed->names.size()},
                                             {"sha256", selection.listed->sha256}}));
    }
    return json;
}

Selector::Selector(const TreeSelection& selection)
    : selection_(selection), seen_(selection.listed ? selection.listed->names.size() : 0) {}

bool Selector::is_listed(std::string_view path) {
    if (!selection_.listed) return false;
    const std::vector<std::string>& names = selection_.listed->names;
    const auto found = std::lower_bound(names.begin(), names.end(), path);
    if (found == names.end() || *found != path) return false;
    seen_[static_cast<std::size_t>(found - names.begin())] = true;
    return true;
}

bool Selector::may_include_below(std::string_view folder) const {
    const auto below = [folder](const NamePattern& pattern) {
        return pattern.can_match_below(folder);
    };
    if (std::any_of(selection_.include.begin(), selection_.include.end(), below)) return true;
    if (!selection_.listed) return false;
    const std::string inside = std::string(folder) + "/";
    const std::vector<std::string>& names = selection_.listed->names;
    const auto first = std::lower_bound(names.begin(), names.end(), inside);
    return first != names.end() && first->starts_with(inside);
}

Selector::Decision Selector::decide(std::string_view path, bool is_folder) {
    const bool listed = is_listed(path);  // first, so that what is excluded is not taken for absent
    if (const NamePattern* pattern = first_match(selection_.exclude, path)) {
        if (is_folder) forget_below(path);
        return {Answer::leave, "exclude " + pattern->text()};
    }
    if (selection_.include.empty() && !selection_.listed) return {Answer::collect, {}};
    if (!included_folder_.empty() && path.starts_with(included_folder_)) {
        return {Answer::collect, {}};
    }
    if (listed || first_match(selection_.include, path)) {
        if (is_folder) included_folder_ = std::string(path) + "/";
        return {Answer::collect, {}};
    }
    if (is_folder && may_include_below(path)) return {Answer::pass, {}};
    return {Answer::leave, std::string(not_included)};
}

// Nobody will look for what is below an excluded folder.
void Selector::forget_below(std::string_view folder) {
    if (!selection_.listed) return;
    const std::vector<std::string>& names = selection_.listed->names;
    const std::string inside = std::string(folder) + "/";
    auto name = std::lower_bound(names.begin(), names.end(), inside);
    for (; name != names.end() && name->starts_with(inside); ++name) {
        seen_[static_cast<std::size_t>(name - names.begin())] = true;
    }
}

void Selector::for_each_missing(const std::function<void(std::string_view name)>& visit) const {
    for (std::size_t i = 0; i < seen_.size(); ++i) {
        if (!seen_[i]) visit(selection_.listed->names[i]);
    }
}

}  // namespace evidence
