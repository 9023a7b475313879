// Writes the files of an object one after another: each an ObjectWriter, durable and closed before
// the next one begins.
//
// Thread rule: belongs to one thread.
#pragma once

#include <atomic>
#include <optional>
#include <span>

#include "acquisition/object_files.h"
#include "acquisition/object_writer.h"

namespace evidence {

// "image.999" is the last name.
inline constexpr std::size_t max_segments = 1000;

class SegmentedWriter {
public:
    struct Plan {
        fs::path folder;
        ObjectLayout layout;
        std::optional<std::uint64_t> preallocate_bytes;  // see ObjectWriter
        std::uint64_t keep_bytes = 0;                    // go on behind these, whole buffers
        std::optional<std::uint64_t> checkpoint_bytes;   // see ObjectWriter::sync_after
    };
    // Creates the first file, or reopens the one that ends behind `keep_bytes` and removes what an
    // earlier acquisition wrote after it. Errors as ObjectWriter.
    explicit SegmentedWriter(Plan plan);

    // As ObjectWriter::write(). Error(io) beyond max_segments.
    void write(std::span<const ByteView> buffers, std::uint64_t offset);
    std::uint64_t durable_bytes() const { return durable_bytes_; }  // any thread may ask
    // After write() is over, also by an error: makes durable what can be of what was written. A
    // buffer of it is given up, so that a full disk has room for the rest.
    void salvage();
    // Makes the last file durable. To be called once, at the end.
    void finish(std::uint64_t size_bytes);

    const fs::path& folder() const { return plan_.folder; }

private:
    void open(std::size_t number, std::uint64_t keep_bytes);
    void note_durable();

    Plan plan_;
    std::size_t number_ = 0;
    std::optional<ObjectWriter> writer_;
    std::atomic<std::uint64_t> durable_bytes_ = 0;
};

}  // namespace evidence
