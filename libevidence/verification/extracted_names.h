// Where the records of a package belong in an extraction: the original names, as far as they are
// names. Private to the room.
//
// Thread rule: plain functions and values.
#pragma once

#include <optional>
#include <string>

#include "acquisition/entry_record.h"
#include "base/json.h"

namespace evidence {

// The member `key`, or the bytes of `key`_bytes; empty when there is neither.
std::string text_or_bytes(const Json& record, std::string_view key);

std::string item_folder_of(const Json& record);  // "items/USB-01"

// The twelve permission bits of an entry record, 0 when it has none.
unsigned mode_of(const Json& record);
std::optional<FileTime> mtime_of(const Json& record);

// Sees the records of objects in order: later segments are named after the first.
class ExtractedNames {
public:
    void begin_object(const Json& record);

    const std::string& item_folder() const { return folder_; }
    std::string path_of_object() const { return folder_ + "/" + name_; }

private:
    std::string folder_, name_;
    std::string kind_, stem_;  // of the item
};

}  // namespace evidence
