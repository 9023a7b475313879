// A file that appears whole or not at all: written under a temporary name beside its target,
// fsynced, renamed without replacing anything, its folder fsynced.
#pragma once

#include "base/file.h"

namespace evidence {

class AtomicFile {
public:
    // Error(exists) at once when `target` is there already, so that long work is not wasted.
    explicit AtomicFile(fs::path target);
    ~AtomicFile();  // removes the temporary file unless committed
    AtomicFile(const AtomicFile&) = delete;
    AtomicFile& operator=(const AtomicFile&) = delete;

    File& file() { return file_; }
    const fs::path& temporary_path() const { return temporary_; }

    // Durable once it returns. Error(exists) when the target appeared meanwhile; it is kept.
    void commit();

private:
    fs::path target_;
    fs::path temporary_;
    File file_;
    bool committed_ = false;
};

// Writes a small new file durably; Error(exists) when `path` is taken.
void write_new_file(const fs::path& path, ByteView bytes);

// Renames without replacing: Error(exists) when `to` is taken. Not yet durable: sync_folder next.
void rename_new(const fs::path& from, const fs::path& to);

}  // namespace evidence
