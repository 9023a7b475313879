// What is acquired: a regular file, a block device, a folder or a stream. Opened for reading only,
// without touching access times where the kernel allows that.
#pragma once

#include <sys/stat.h>

#include <memory>
#include <optional>
#include <string>

#include "acquisition/block_device.h"
#include "acquisition/content_reader.h"
#include "acquisition/item_files.h"
#include "acquisition/sector_recovery.h"
#include "base/context.h"

namespace evidence {

struct Source {
    ItemKind kind{};
    std::string path;  // absolute, links resolved; "-" for a stream
    File file;         // folders: open for openat
    struct stat status {};
    std::optional<BlockDevice> device;         // images
    std::optional<std::uint64_t> size_bytes;   // images and files
    std::uint64_t ewf_set_bytes = 0;           // of all files of that set
    bool holds_ewf = false;                    // a file: the first of an E01 set
    PositionedReader* device_reads = nullptr;  // of a drill or a test, instead of the file's own

    // What a read error is counted in.
    unsigned sector_bytes() const;
};

// Reads of an image or file at positions, within the time limit of `errors`. The source must
// outlive it.
std::unique_ptr<PositionedReader> reads_of(const Source& source, const ErrorPolicy& errors);

// `argument` is a path, or "-" for standard input. Error(usage) for anything else that has a path
// (a FIFO, a terminal, a socket).
Source open_source(const std::string& argument);

// Reads image, file and stream sources to their end, as a BroadcastReader.
//
// Thread rule: belongs to one thread.
class SourceReader {
public:
    SourceReader(const Source& source, const ErrorPolicy& policy, const Context& context);

    // Error(io) for a read that fails, with the byte and the sector, unless the policy is to fill;
    // Error(interrupted).
    std::size_t read(MutableByteView buffer);
    // Goes on behind what an earlier acquisition has read and filled; before the first read.
    void start_at(std::uint64_t position, BadRanges filled_before);
    // After the last byte. Error(io) when the source was cut, grew, was replaced or vanished.
    // False when its times changed while it was read.
    bool check_unchanged() const;

    std::uint64_t position() const { return position_; }
    const BadRanges& bad_ranges() const { return bad_; }  // filled with zeros

private:
    SectorRecovery& recovery();
    void recover(MutableByteView buffer, std::uint64_t offset);
    std::size_t read_content(MutableByteView buffer);
    std::size_t read_stream(MutableByteView buffer);
    std::string hint_for(int error_number) const;
    [[noreturn]] void fail_at(std::uint64_t offset, int error_number) const;
    void check_file_size(const struct stat& now) const;

    const Source& source_;
    const ErrorPolicy& policy_;
    const Context& context_;
    std::unique_ptr<PositionedReader> reads_;  // with a time limit; else as the file reads
    ContentReader content_;
    BadRanges bad_;
    // Made when the first read fails.
    File direct_file_;
    std::unique_ptr<PositionedReader> direct_reads_, cached_reads_, recovery_reads_;
    std::unique_ptr<SectorRecovery> recovery_;
    std::uint64_t position_ = 0;
};

}  // namespace evidence
