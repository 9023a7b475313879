// Where certificates and revocation lists are given: one file, or a folder of them. Private to the
// room.
//
// Thread rule: plain functions and values.
#pragma once

#include <vector>

#include "base/file.h"

namespace evidence {

// The path itself, or the regular files of the folder in the order of their names.
std::vector<fs::path> files_of(const fs::path& path);

}  // namespace evidence
