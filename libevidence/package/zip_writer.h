// Writes a package strictly from front to back (a pipe will do), sizes and CRCs known beforehand.
//
// Thread rule: one thread at a time; write() may be called from another one than begin_entry().
#pragma once

#include <functional>

#include "base/file.h"
#include "package/zip_profile.h"

namespace evidence {

class ZipWriter {
public:
    // Receives the bytes in order.
    using Output = std::function<void(ByteView bytes)>;
    explicit ZipWriter(Output output);

    // A whole small entry.
    void add(std::string_view name, std::string_view content);
    // An entry whose bytes follow in write(): exactly `size` of them with that CRC; finish_entry()
    // throws Error(refused) quoting the name when they were others. Error(usage) for a name outside
    // the profile, Error(unsupported) for more entries than a package can hold.
    void begin_entry(std::string_view name, std::uint64_t size, std::uint32_t crc32);
    void write(ByteView bytes);
    void finish_entry();
    // The directory and end records; returns the size of the whole package.
    std::uint64_t finish();

    const std::vector<ZipEntry>& entries() const { return entries_; }

private:
    void put(ByteView bytes);

    Output output_;
    std::vector<ZipEntry> entries_;
    std::uint64_t offset_ = 0;
    std::uint64_t in_entry_ = 0;
    std::uint32_t crc32_ = 0;
};

}  // namespace evidence
