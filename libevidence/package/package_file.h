// The file a package is written to: complete under its final name, or not there at all. Written in
// large aligned blocks past the page cache where the file system allows it, because the package is
// as large as the evidence and nobody reads it next.
//
// Thread rule: one thread at a time.
#pragma once

#include "base/aligned_buffer.h"
#include "base/atomic_file.h"

namespace evidence {

class PackageFile {
public:
    // Error(exists) at once when `target` is there already.
    explicit PackageFile(const fs::path& target);

    void write(ByteView bytes);
    // Durable under its final name once it returns. Without it nothing stays.
    void commit();

private:
    void flush();
    void write_block(ByteView block);
    void stop_direct_writing();

    AtomicFile file_;
    bool is_direct_ = false;
    AlignedBuffer block_;
    std::size_t filled_ = 0;
};

}  // namespace evidence
