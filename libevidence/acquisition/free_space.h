// Room at the destinations, watched while an object grows: that it will not suffice is better known
// hours before a disk is full.
//
// Thread rule: belongs to one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/context.h"
#include "base/file.h"

namespace evidence {

// What can still be written to the file system of a folder; nullopt when it does not say.
std::optional<std::uint64_t> free_bytes_at(const fs::path& folder);

// They take their room from each other then.
bool is_on_same_file_system(const fs::path& one, const fs::path& other);

// The room that the files in a folder take on their disk, which is less than their size where they
// have holes and may be more where room was reserved.
std::uint64_t room_taken_in(const fs::path& folder);

class FreeSpaceWatch {
public:
    // What is in each of `folders` grows to `size_bytes`; room that is reserved for it already is
    // not needed again. A size that nobody knows may be any: then little room is too little.
    FreeSpaceWatch(std::vector<fs::path> folders, std::optional<std::uint64_t> size_bytes,
                   const Context& context);

    // Once `position_bytes` were read; looks only now and then. Warns at once, for there is time to
    // make room, and of each folder once. What is on its way to the disk counts as written, so that
    // it never warns of nothing.
    void look(std::uint64_t position_bytes);

    // What it has warned of so far.
    const std::vector<std::string>& warnings() const { return warnings_; }

private:
    std::uint64_t still_needed(const fs::path& folder, std::uint64_t position_bytes) const;
    std::optional<std::string> shortage(const fs::path& folder, std::uint64_t position_bytes) const;

    std::vector<fs::path> folders_;
    std::set<fs::path> warned_of_;
    std::optional<std::uint64_t> size_bytes_;
    const Context& context_;
    std::uint64_t next_look_ = 0;
    std::vector<std::string> warnings_;
};

}  // namespace evidence
