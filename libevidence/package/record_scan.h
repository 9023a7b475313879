// A quick look at a line of items.jsonl whose digest is signed: which item it is about, what it is
// called. For lines out of a million of which ten are wanted; those are then parsed strictly.
//
// Thread rule: plain functions and values.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace evidence {

// Views into the line. What a line has not is empty.
struct ScannedRecord {
    std::string_view record_bytes;  // the leaf of the item tree
    std::string_view item, kind, type;
    std::string_view name, name_bytes;  // as they stand in JSON

    bool is_entry() const { return kind == "entry"; }
    bool is_file() const { return is_entry() && type == "file"; }
    // The name of an entry as the bytes it is; nullopt when it is none.
    std::optional<std::string> path() const;
};

// nullopt when the line has not the shape {"at":{..},"record":{..}} with an item and a kind.
std::optional<ScannedRecord> scan_record_line(std::string_view line);

}  // namespace evidence
