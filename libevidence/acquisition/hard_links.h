// Remembers under which name a file with several names was first met in a tree, so that its content
// is stored once. Names lie in a scratch file; memory is 8 bytes per slot of a table that stops
// growing at a limit, whatever the tree.
//
// Thread rule: belongs to one thread.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"

namespace evidence {

class HardLinks {
public:
    explicit HardLinks(const fs::path& scratch_folder) : scratch_folder_(scratch_folder) {}

    // The name the file was stored under, or nullopt when it was not met before.
    std::optional<std::string> find(dev_t device, ino_t inode) const;

    // Precondition: find() found nothing. False when the table is full: further names of this file
    // will be stored as files of their own.
    bool remember(dev_t device, ino_t inode, std::string_view name);

private:
    struct Spooled;

    Spooled spooled_at(std::uint64_t offset) const;
    std::size_t free_slot(const std::vector<std::uint64_t>& slots, std::uint64_t hash) const;
    void grow();

    fs::path scratch_folder_;
    File spool_;
    std::uint64_t spool_end_ = 1;       // so that 0 means an empty slot
    std::vector<std::uint64_t> slots_;  // high 24 bits of the hash, 40 bits of spool offset
    std::size_t used_ = 0;
};

}  // namespace evidence
