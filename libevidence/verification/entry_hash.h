// Digest and CRC of entries, as a whole or while their lines are read. Private to the room.
#pragma once

#include <memory>

#include "base/line_reader.h"
#include "digest/crc32.h"
#include "digest/digest.h"
#include "verification/package_check.h"

namespace evidence {

// Reads an entry once, notes its digest in `check` and compares its CRC (zip.crc-mismatch).
void hash_entry(PackageCheck& check, const ZipEntry& entry);

// The lines of a large entry; its digest and CRC are settled once all of it was read.
class HashedLines {
public:
    HashedLines(const PackageCheck& check, const ZipEntry& entry);

    // The next line; nullopt at the end, or after a finding of `code` when a line is too long.
    std::optional<std::string_view> next(Findings& findings, std::string_view code, Layer layer);
    std::uint64_t line_number() const { return lines_.line_number(); }
    std::string where() const;

    // Reads what is left, checks that the last line had its newline, notes digest and CRC.
    void finish(PackageCheck& check);

private:
    std::size_t read(MutableByteView buffer);

    const File& file_;
    const Context& context_;
    ZipEntry entry_;
    std::uint64_t position_ = 0;
    Hasher hasher_{Algorithm::sha256};
    std::uint32_t crc32_ = 0;
    bool gave_up_ = false;
    LineReader lines_;
};

// Compares the CRC an entry turned out to have with its header.
void check_crc(PackageCheck& check, const ZipEntry& entry, std::uint32_t crc32);

}  // namespace evidence
