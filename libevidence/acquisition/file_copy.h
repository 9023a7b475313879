// Copies a file, durably, so that reading the copy asks the disk and not the memory.
//
// Thread rule: independent calls may run in parallel.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/file.h"

namespace evidence {

// To all of `copies` in one pass; they are new. Tells `progress` how much was copied, in steps.
// Returns the SHA-256 of what was read, in hex. Error(exists), Error(io), Error(interrupted).
std::string copy_file_durably(const fs::path& from, const std::vector<fs::path>& copies,
                              const std::function<void(std::uint64_t bytes)>& progress,
                              const Context& context);

// Error(io): a copy is not what was written to it.
[[noreturn]] void throw_not_kept(const fs::path& copy, const std::string& expected_sha256);

// Throws that unless the file has that digest. Error(interrupted).
void require_kept(const fs::path& copy, const std::string& sha256, const Context& context);

}  // namespace evidence
