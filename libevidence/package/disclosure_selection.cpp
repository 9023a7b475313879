#include "package/disclosure_selection.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.h"
#include "base/item_id.h"
#include "base/printable.h"

namespace evidence {
namespace {

[[noreturn]] void refuse_wish(const std::string& message) {
    throw Error(ErrorKind::usage, message, "see evidence-seal(1), \"DISCLOSURE\"");
}

struct Wish {
    std::string item, path;  // no path: all of the item
};

Wish split(const std::string& text) {
    const std::size_t slash = text.find('/');
    Wish wish{text.substr(0, slash), {}};
    if (slash != std::string::npos) wish.path = text.substr(slash + 1);
    if (!is_item_id(wish.item) || (slash != std::string::npos && wish.path.empty())) {
        refuse_wish("not an item: " + printable(text) + " (expected ITEM or ITEM/PATH)");
    }
    return wish;
}

[[noreturn]] void refuse_kind(const std::string& wish, std::string_view type) {
    const bool is_link = type == "hardlink";
    throw Error(ErrorKind::refused,
                fmt::format("cannot be cut out: {} is a {} (expected a file)", wish,
                            is_link ? "hard link" : type),
                is_link ? "choose the file it is a link to, which the record names as its target"
                        : "choose the whole tree");
}

}  // namespace

RecordChooser::RecordChooser(const DisclosureSelection& selection)
    : selection_(selection),
      found_replacements_(selection.replacements.size()),
      found_ranges_(selection.ranges.size()),
      found_patterns_(selection.patterns.size()) {
    for (const std::string& text : selection.patterns) patterns_.emplace_back(text);
    for (const std::string& text : selection.only) {
        const Wish wish = split(text);
        if (wish.path.empty()) {
            items_[wish.item] = false;
        } else {
            files_[wish.item][wish.path] = false;
        }
    }
    for (std::size_t i = 0; i < selection.replacements.size(); ++i) {
        const Wish wish = split(selection.replacements[i].of);
        const bool is_new = wish.path.empty()
                                ? replaced_items_.emplace(wish.item, i).second
                                : replaced_files_[wish.item].emplace(wish.path, i).second;
        if (!is_new) refuse_wish("replaced twice: " + printable(selection.replacements[i].of));
        const auto files = files_.find(wish.item);
        const bool is_given = wish.path.empty()
                                  ? items_.contains(wish.item)
                                  : files != files_.end() && files->second.contains(wish.path);
        if (is_given) {
            refuse_wish("given and replaced: " + printable(selection.replacements[i].of) +
                        " (expected one of them)");
        }
        if (!wish.path.empty() && items_.contains(wish.item)) {
            refuse_wish("the whole tree " + wish.item +
                        " would give what is replaced in it (expected its other files by --match)");
        }
    }
    if (!selection.replacements.empty() && selection.reason.empty()) {
        refuse_wish("why is it replaced? (expected a reason)");
    }
    for (const RangeWish& range : selection.ranges) {
        if (range.first >= range.end)
            refuse_wish("an empty range (expected its end behind its start)");
        if (items_.contains(range.item) || replaced_items_.contains(range.item)) {
            refuse_wish("a range of " + range.item + " and all of it (expected one of them)");
        }
    }
}

Role RecordChooser::role_of(const ScannedRecord& record) {
    const Role role = record.is_entry() ? role_of_entry(record) : role_of_object(record);
    if (role != Role::withheld) ++chosen_;
    return role;
}

Role RecordChooser::role_of_object(const ScannedRecord& record) {
    const bool is_part = record.kind == "region" || record.kind == "redaction";
    const auto replaced = replaced_items_.find(record.item);
    if (replaced != replaced_items_.end() && !is_part) {
        if (record.kind == "segment") {
            throw Error(ErrorKind::refused,
                        fmt::format("cannot be replaced: {} comes in segments (expected an item in "
                                    "one file)",
                                    record.item));
        }
        found_replacements_[replaced->second] = true;
        replacement_ = replaced->second;
        return Role::replaced;
    }
    const auto whole = items_.find(record.item);
    if (whole != items_.end()) {
        whole->second = true;
        return Role::whole;
    }
    if (is_part || record.kind == "segment" || record.kind == "tree") return Role::withheld;
    ranges_.clear();
    for (std::size_t i = 0; i < selection_.ranges.size(); ++i) {
        const RangeWish& range = selection_.ranges[i];
        if (!range.item.empty() && range.item != record.item) continue;
        if (range.item.empty() && found_ranges_[i]) {
            refuse_wish("a range of which item? (expected ITEM:START-END)");
        }
        found_ranges_[i] = true;
        ranges_.push_back(i);
    }
    return ranges_.empty() ? Role::withheld : Role::parts;
}

bool RecordChooser::is_wanted_entry(const ScannedRecord& record, const std::string& path,
                                    bool& by_name) {
    bool is_wanted = false;
    const auto files = files_.find(record.item);
    if (files != files_.end()) {
        const auto file = files->second.find(path);
        if (file != files->second.end()) is_wanted = by_name = file->second = true;
    }
    for (std::size_t i = 0; i < patterns_.size(); ++i) {
        if (!patterns_[i].matches(path)) continue;
        found_patterns_[i] = is_wanted = true;
    }
    return is_wanted;
}

Role RecordChooser::role_of_entry(const ScannedRecord& record) {
    if (replaced_items_.contains(record.item)) return Role::withheld;  // with all its tree
    if (const auto whole = items_.find(record.item); whole != items_.end()) {
        whole->second = true;
        return Role::whole;
    }
    // The name of a million files is looked at only where somebody asks for it.
    const auto replaced = replaced_files_.find(record.item);
    if (patterns_.empty() && replaced == replaced_files_.end() && !files_.contains(record.item)) {
        return Role::withheld;
    }
    const std::optional<std::string> path = record.path();
    if (!path) return Role::withheld;
    const auto refuse = [&] {
        refuse_kind(printable(std::string(record.item) + "/" + *path), record.type);
    };
    if (replaced != replaced_files_.end()) {
        const auto file = replaced->second.find(*path);
        if (file != replaced->second.end()) {
            if (!record.is_file()) refuse();
            replacement_ = file->second;
            found_replacements_[replacement_] = true;
            return Role::replaced;
        }
    }
    bool by_name = false;
    if (!is_wanted_entry(record, *path, by_name)) return Role::withheld;
    if (record.is_file()) return Role::cut;
    if (by_name) refuse();
    ++passed_over_;
    return Role::withheld;
}

void RecordChooser::require_all_found() const {
    const auto refuse = [](const std::string& wish, const char* expected, const char* hint) {
        throw Error(ErrorKind::not_found,
                    fmt::format("not in the package: {} (expected {})", printable(wish), expected),
                    hint);
    };
    const auto fail = [&refuse](const std::string& wish) {
        refuse(wish, "an item, or a file of a captured tree",
               "unzip -p PACKAGE items.jsonl names all of them; a part is given on by its item");
    };
    for (const auto& [item, found] : items_) {
        if (!found) fail(item);
    }
    for (const auto& [item, paths] : files_) {
        for (const auto& [path, found] : paths) {
            if (!found) fail(item + "/" + path);
        }
    }
    for (std::size_t i = 0; i < found_replacements_.size(); ++i) {
        if (!found_replacements_[i]) fail(selection_.replacements[i].of);
    }
    for (std::size_t i = 0; i < found_ranges_.size(); ++i) {
        if (!found_ranges_[i]) {
            refuse("bytes of " + selection_.ranges[i].item,
                   "an image, file or stream that is whole",
                   "a range that is one already is given on with --only");
        }
    }
    for (std::size_t i = 0; i < found_patterns_.size(); ++i) {
        if (!found_patterns_[i]) {
            refuse(selection_.patterns[i], "a pattern that fits a file of a tree",
                   "patterns do not begin with the item, and * stays in one folder: ** does not");
        }
    }
    if (chosen_ > 0) return;
    throw Error(ErrorKind::refused, "nothing to disclose: no file fits (expected at least one)",
                "folders, links and the like go along only with their whole tree");
}

}  // namespace evidence
