// Room at the destination, watched while an object grows: that it will not suffice is better known
// hours before the disk is full.
//
// Thread rule: belongs to one thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/file.h"

namespace evidence {

// What can still be written to the file system of a folder; nullopt when it does not say.
std::optional<std::uint64_t> free_bytes_at(const fs::path& folder);

// The room that the files in a folder take on their disk, which is less than their size where they
// have holes and may be more where room was reserved.
std::uint64_t room_taken_in(const fs::path& folder);

class FreeSpaceWatch {
public:
    // What is in `folder` grows to `size_bytes`. Room that is reserved for it already is not needed
    // again.
    FreeSpaceWatch(fs::path folder, std::uint64_t size_bytes);

    // Once `position_bytes` were read: a warning the first time that less is free than is still to
    // be written; looks only now and then. What is on its way to the disk counts as written, so
    // that it never warns of nothing.
    std::optional<std::string> look(std::uint64_t position_bytes);

private:
    static constexpr std::uint64_t between_looks_bytes = 16 * mib;

    fs::path folder_;
    std::uint64_t size_bytes_;
    std::uint64_t next_look_ = 0;
    bool has_warned_ = false;
};

}  // namespace evidence
