// Questions to the file system that throw our Error, with the path, instead of
// std::filesystem_error, and instead of taking "may not look" for "is not there".
//
// Thread rule: independent calls may run in parallel.
#pragma once

#include <filesystem>
#include <functional>

namespace evidence {

namespace fs = std::filesystem;

// Links are followed. Error(io) when that cannot be found out.
bool path_exists(const fs::path& path);
// Also for a link that leads nowhere: nothing new can get this name.
bool name_is_taken(const fs::path& path);
bool is_folder(const fs::path& path);

// Calls `visitor` for what lies in the folder, in no order. Error(not_found), Error(io).
void visit_folder(const fs::path& folder,
                  const std::function<void(const fs::path& entry)>& visitor);

// Removes a file or an empty folder if it is there. Error(io).
void remove_if_there(const fs::path& path);

// Absolute, without links; everything in it must be there. Error(not_found), Error(io).
fs::path real_path(const fs::path& path);

}  // namespace evidence
