// What a file system keeps about an entry of a tree beside its content: times with their
// nanoseconds, owners, extended attributes, access control lists, flags. Private to the room.
#pragma once

#include <sys/stat.h>

#include <string>

#include "acquisition/archive_handles.h"
#include "acquisition/entry_record.h"

namespace evidence {

// Where an entry stands, for the *at() calls.
struct EntryPlace {
    int folder_fd = -1;
    const char* name = nullptr;
    int fd = -1;  // of the entry itself when it is open
};

// The facts as a pax tar made by libarchive can carry them: `facts` without name and target.
// Precondition: not a socket. `status` is its lstat or fstat.
EntryFacts entry_facts(const EntryPlace& place, const struct stat& status);

class DiskMetadata {
public:
    DiskMetadata();

    struct Problem {
        int error_number = 0;
        std::string rule;  // in plain words; empty: everything was read
    };
    // Copies status, extended attributes, access control lists and flags into `entry`.
    Problem copy(archive_entry& entry, const EntryPlace& place, const struct stat& status);

private:
    Problem copy_extended_attributes(archive_entry& entry, const EntryPlace& place,
                                     const std::string& path);

    ArchiveDiskReader disk_;
    std::string names_, value_;  // kept to save allocations
};

// Fills libarchive's entry with the facts, so that it writes exactly them.
void apply_facts(archive_entry& entry, const EntryFacts& facts);

}  // namespace evidence
