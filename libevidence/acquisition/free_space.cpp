#include "acquisition/free_space.h"

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <algorithm>

#include "base/folder.h"
#include "base/printable.h"

namespace evidence {
namespace {

constexpr std::uint64_t between_looks_bytes = 16 * mib;
// Of a size that is not known: less than this is little, on a small disk less than a tenth of it.
constexpr std::uint64_t little_room_bytes = gib;
constexpr std::uint64_t little_room_part = 10;

struct FileSystemRoom {
    std::uint64_t free_bytes, all_bytes;
};

std::optional<FileSystemRoom> room_at(const fs::path& folder) {
    struct statvfs status {};
    if (::statvfs(folder.c_str(), &status) != 0) return std::nullopt;
    return FileSystemRoom{std::uint64_t{status.f_bavail} * status.f_frsize,
                          std::uint64_t{status.f_blocks} * status.f_frsize};
}

}  // namespace

std::optional<std::uint64_t> free_bytes_at(const fs::path& folder) {
    const std::optional<FileSystemRoom> room = room_at(folder);
    return room ? std::optional(room->free_bytes) : std::nullopt;
}

bool is_on_same_file_system(const fs::path& one, const fs::path& other) {
    struct stat first {
    }, second{};
    return ::stat(one.c_str(), &first) == 0 && ::stat(other.c_str(), &second) == 0 &&
           first.st_dev == second.st_dev;
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

FreeSpaceWatch::FreeSpaceWatch(std::vector<fs::path> folders,
                               std::optional<std::uint64_t> size_bytes, const Context& context)
    : folders_(std::move(folders)), size_bytes_(size_bytes), context_(context) {}

void FreeSpaceWatch::look(std::uint64_t position_bytes) {
    if (warned_of_.size() == folders_.size() || position_bytes < next_look_) return;
    next_look_ = position_bytes + between_looks_bytes;
    for (const fs::path& folder : folders_) {
        if (warned_of_.count(folder) > 0) continue;
        std::optional<std::string> text = shortage(folder, position_bytes);
        if (!text) continue;
        context_.progress.warn(*text);
        warnings_.push_back(std::move(*text));
        warned_of_.insert(folder);
    }
}

std::uint64_t FreeSpaceWatch::still_needed(const fs::path& folder,
                                           std::uint64_t position_bytes) const {
    const std::uint64_t there = std::max(position_bytes, room_taken_in(folder));
    return *size_bytes_ - std::min(*size_bytes_, there);
}

std::optional<std::string> FreeSpaceWatch::shortage(const fs::path& folder,
                                                    std::uint64_t position_bytes) const {
    const std::optional<FileSystemRoom> room = room_at(folder);
    if (!room) return std::nullopt;
    std::string need = "nobody knows how much more is needed";
    if (size_bytes_) {
        std::uint64_t needed = 0;
        for (const fs::path& each : folders_) {
            if (is_on_same_file_system(each, folder)) needed += still_needed(each, position_bytes);
        }
        if (room->free_bytes >= needed) return std::nullopt;
        need = "up to " + std::to_string(needed) + " more needed";
    } else if (room->free_bytes >=
               std::min(little_room_bytes, room->all_bytes / little_room_part)) {
        return std::nullopt;
    }
    return "the destination is running out of room: " + printable(folder.parent_path().native()) +
           " (" + std::to_string(room->free_bytes) + " bytes free, " + need + ")";
}

}  // namespace evidence
