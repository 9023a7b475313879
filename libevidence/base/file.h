// Files by descriptor: whole reads and writes, positions given, every error with its path.
//
// Thread rule: one File may be read at positions by several threads; writing needs one owner.
#pragma once

#include <filesystem>
#include <string>

#include "base/bytes.h"

namespace evidence {

namespace fs = std::filesystem;

class File {
public:
    File() = default;
    ~File();
    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    // Error(not_found) when there is nothing, Error(io) otherwise. Never blocks on a FIFO's writer.
    static File open_read(const fs::path& path);
    // A file that somebody else handed over: Error(malformed) for anything but a regular file (a
    // device or pipe may never end), also for a link, which may lead anywhere.
    static File open_regular(const fs::path& path);
    // Creates with mode 0600; Error(exists) when the name is taken, also by a dangling link.
    static File create_new(const fs::path& path);
    // An unnamed file in `folder` that vanishes with its descriptor (spools, sort runs).
    static File create_unnamed(const fs::path& folder);
    // Takes over a descriptor (standard input or output, an inherited one); `name` is for messages.
    static File adopt(int fd, std::string name);

    bool is_open() const { return fd_ >= 0; }
    int fd() const { return fd_; }
    const std::string& name() const { return name_; }

    std::uint64_t size() const;  // in bytes, by fstat

    // Reads until `buffer` is full or the end is reached; returns the bytes read.
    std::size_t read_some(MutableByteView buffer);  // at the current position
    std::size_t read_at(MutableByteView buffer, std::uint64_t offset) const;  // at `offset`
    // Error(malformed) when the file ends before `buffer` is full.
    void read_exactly_at(MutableByteView buffer, std::uint64_t offset) const;

    void write(ByteView bytes);  // appends at the current position
    void write_at(ByteView bytes, std::uint64_t offset);
    void sync();   // fsync
    void close();  // reports a delayed write error

private:
    File(int fd, std::string name) : fd_(fd), name_(std::move(name)) {}
    int fd_ = -1;
    std::string name_;
};

// How long a wish to stop may go unnoticed while a pipe has nothing to say.
inline constexpr int stream_wait_milliseconds = 200;

// Waits until `fd` has something to read or has ended; regular files always have. False when
// neither came in time, or a signal came first: look whether the user wants to stop, then ask
// again.
bool wait_readable(int fd, int milliseconds = stream_wait_milliseconds);

// Makes a rename or creation in `folder` durable.
void sync_folder(const fs::path& folder);

// The whole of a small file; Error(malformed) when it is larger than `max_bytes`.
std::string read_small_file(const fs::path& path, std::size_t max_bytes);
std::string read_small_file(File file, std::size_t max_bytes);

// Creates the folder (mode 0700) and its missing parents, durably.
void create_folders(const fs::path& folder);

}  // namespace evidence
