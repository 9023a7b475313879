// Copies a file, durably, so that reading the copy asks the disk and not the memory.
//
// Thread rule: independent calls may run in parallel.
#pragma once

#include <string>

#include "base/context.h"
#include "base/file.h"

namespace evidence {

// `to` is new; Error(exists). Returns the SHA-256 of what was read, in hex. Error(io),
// Error(interrupted).
std::string copy_file_durably(const fs::path& from, const fs::path& to, const Context& context);

// The SHA-256 of a file, in hex.
std::string sha256_of_file(const fs::path& path, const Context& context);

}  // namespace evidence
