// The SHA-256 of a whole file, read in steps: memory does not grow with it.
//
// Thread rule: independent calls may run in parallel.
#pragma once

#include <string>

#include "base/context.h"
#include "base/file.h"

namespace evidence {

// In hex. From its start, wherever the file is positioned. Error(io), Error(interrupted).
std::string sha256_of_file(const File& file, const Context& context);

}  // namespace evidence
