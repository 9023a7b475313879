// Adding entries to a finished package by writing its tail anew: the directory and end records of a
// ZIP stand at its end, so a file of any size grows without being copied.
//
// Crash rule: the old tail is saved beside the package, in PACKAGE.tail, and made durable; then the
// new one is written and made durable; then the saved one is removed. Where a PACKAGE.tail is found
// the package is as it was before, once restore_tail has put it back.
//
// Thread rule: one thread, and one process, at a time per package.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/file.h"

namespace evidence {

// Names and contents, in order.
using NewEntries = std::vector<std::pair<std::string, std::string>>;

// Error(refused), with nothing changed, when the package is not exactly what the format says.
void append_entries(const fs::path& package, const NewEntries& entries);

// Undoes an append_entries that was interrupted; true when there was one. Error(refused) when the
// saved tail does not fit the package.
bool restore_tail(const fs::path& package);

}  // namespace evidence
