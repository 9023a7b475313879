// What is to be disclosed, and what that means for each record of the package that is cut from.
//
// Thread rule: one thread at a time.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/name_pattern.h"
#include "package/record_scan.h"

namespace evidence {

// A stretch of an item's object; given in whole pieces.
struct RangeWish {
    std::string item;                  // empty: the only item that is no tree
    std::uint64_t first = 0, end = 0;  // bytes; the end is not part of it
};

// A file that stands in for an item or for a file of a captured tree.
struct Replacement {
    std::string of;  // ITEM or ITEM/PATH
    fs::path file;
};

struct DisclosureSelection {
    std::vector<std::string> only;      // ITEM or ITEM/PATH
    std::vector<std::string> patterns;  // against paths in captured trees (base/name_pattern.h)
    std::vector<RangeWish> ranges;
    std::vector<Replacement> replacements;
    std::string reason;             // of the replacements
    bool with_item_record = false;  // also of items of which only a part is given
};

// What becomes of a record.
enum class Role {
    withheld,
    whole,  // goes along as it is, with its object
    cut,    // a file of a tree, as an object of its own
    parts,  // regions of its object are given
    replaced,
};

class RecordChooser {
public:
    // Error(usage) for wishes that contradict each other or cannot be read.
    explicit RecordChooser(const DisclosureSelection& selection);

    // Records are shown in their order, each once.
    Role role_of(const ScannedRecord& record);

    // For the record just shown, when its role is `replaced`: which of the replacements; when it is
    // `parts`: which of the ranges.
    std::size_t replacement() const { return replacement_; }
    const std::vector<std::size_t>& ranges() const { return ranges_; }

    // Entries that fit a pattern and cannot be cut out: folders, links and the like.
    std::uint64_t passed_over() const { return passed_over_; }
    // After the last record: Error(not_found) naming a wish that nothing fitted, Error(refused)
    // when nothing was chosen.
    void require_all_found() const;

private:
    Role role_of_entry(const ScannedRecord& record);
    Role role_of_object(const ScannedRecord& record);
    bool is_wanted_entry(const ScannedRecord& record, const std::string& path, bool& by_name);

    const DisclosureSelection& selection_;
    std::vector<NamePattern> patterns_;
    std::map<std::string, bool, std::less<>> items_;  // whole ones; found?
    // Of ITEM/PATH: by item, then by path; found?
    std::map<std::string, std::map<std::string, bool>, std::less<>> files_;
    std::map<std::string, std::size_t, std::less<>> replaced_items_;
    std::map<std::string, std::map<std::string, std::size_t>, std::less<>> replaced_files_;
    std::vector<bool> found_replacements_, found_ranges_, found_patterns_;
    std::size_t replacement_ = 0;
    std::vector<std::size_t> ranges_;
    std::uint64_t passed_over_ = 0, chosen_ = 0;
};

}  // namespace evidence
