// The records that end a ZIP: end of central directory, and the ZIP64 pair before it
// (PKWARE APPNOTE 4.3.14 to 4.3.16). Private to the room.
#pragma once

#include <optional>

#include "base/file.h"

namespace evidence {

struct EndOfZip {
    std::uint64_t entry_count = 0, directory_size = 0, directory_offset = 0;
    std::uint64_t start = 0;  // where the end records begin
    bool is_regular = false;  // regenerating them gives the same bytes
};

// The end records when they stand at the very end of the file.
std::optional<EndOfZip> read_end(const File& file, std::uint64_t file_size);

}  // namespace evidence
