// Whether the entries of a ZIP stand as the profile wants them: one behind the other, with the
// headers, names and order of the format. Private to the room; the codes are those of zip_reader.h.
#pragma once

#include "package/zip_reader.h"

namespace evidence {

// Sorts the entries by where they stand, and in the end leaves out those that reach into the next
// one. `prefix` bytes stand in front of what the offsets count from.
void check_zip_layout(const File& file, std::uint64_t prefix, ZipStructure& structure,
                      Findings& findings);

}  // namespace evidence
