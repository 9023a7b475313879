#include "acquisition/free_space.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>

#include "base/folder.h"
#include "base/printable.h"

namespace evidence {

std::optional<std::uint64_t> free_bytes_at(const fs::path& folder) {
    struct statvfs status {};
    if (::statvfs(folder.c_str(), &status) != 0) return std::nullopt;
    return std::uint64_t{status.f_bavail} * status.f_frsize;
}

std::uint64_t room_taken_in(const fs::path& folder) {
    constexpr std::uint64_t block_unit_bytes = 512;  // of st_blocks
    std::uint64_t bytes = 0;
    visit_folder(folder, [&bytes](const fs::path& file) {
        struct stat status {};
        if (::lstat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
        bytes += static_cast<std::uint64_t>(status.st_blocks) * block_unit_bytes;
    });
    return bytes;
}

FreeSpaceWatch::FreeSpaceWatch(fs::path folder, std::uint64_t size_bytes)
    : folder_(std::move(folder)), size_bytes_(size_bytes) {}

std::optional<std::string> FreeSpaceWatch::look(std::uint64_t position_bytes) {
    if (has_warned_ || position_bytes < next_look_) return std::nullopt;
    next_look_ = position_bytes + between_looks_bytes;
    const std::uint64_t there = std::max(position_bytes, room_taken_in(folder_));
    const std::uint64_t needed = size_bytes_ - std::min(size_bytes_, there);
    const std::optional<std::uint64_t> free_bytes = free_bytes_at(folder_);
    if (!free_bytes || *free_bytes >= needed) return std::nullopt;
    has_warned_ = true;
    return "the destination is running out of room: " + printable(folder_.parent_path().native()) +
           " (" + std::to_string(*free_bytes) + " bytes free, up to " + std::to_string(needed) +
           " more needed)";
}

}  // namespace evidence
