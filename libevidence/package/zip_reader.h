// The strict structural verifier of the ZIP profile, and access to the entries it found.
//
// Nothing in the file is believed: the directory is read with bounds, then every header is
// regenerated from (name, size, CRC) and compared byte for byte. Wrong content is a finding, never
// an exception; only a failing read throws.
//
// Thread rule: functions may run at the same time on one File; values are plain data.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/finding.h"
#include "package/zip_profile.h"

namespace evidence {

// True when the file has any mark of a ZIP (a local header at its start, an end record at its end):
// what decides between "a damaged package" and "no package at all".
bool looks_like_zip(const File& file);

struct ZipStructure {
    // In file order, as far as they could be made out; without those that reach into the next one,
    // so that no byte of the file belongs to two of them.
    std::vector<ZipEntry> entries;
    std::uint64_t file_size = 0;
    std::uint64_t directory_offset = 0;
    std::vector<std::uint32_t> by_name;  // indices of `entries`, sorted by name

    // The (first) entry of that name, or nullptr.
    const ZipEntry* find(std::string_view name) const;
};

// Findings of the structure layer, each naming the rule broken, all of weight failed:
//   zip.truncated           the file ends before its end records, or an entry does not fit in it
//   zip.trailing-bytes      bytes behind the end record
//   zip.prefix              bytes in front of the first entry
//   zip.gap                 bytes between two entries, or before or behind the directory
//   zip.overlap             an entry reaches into the next one or into the directory
//   zip.not-profile         a header differs from its regenerated form
//   zip.directory-mismatch  directory and local headers (or the entry count) do not agree
//   zip.first-entry         the first entry is not `mimetype` with the content of the format
//   zip.entry-name          a name outside the profile
//   zip.duplicate-entry     two names that are equal, or equal but for upper and lower case
//   zip.unexpected-entry    a name that has no place in the layout
//   zip.entry-order         entries do not stand in the order of the layout
//   zip.too-many-entries    more than 65,535 entries, or a directory larger than those could need
// No failed finding means: the file is exactly what ZipWriter writes for these entries.
ZipStructure read_zip_structure(const File& file, Findings& findings);

// The content of a small entry; Error(malformed) when it is larger than `max_bytes`.
std::string read_entry(const File& file, const ZipEntry& entry, std::size_t max_bytes);

}  // namespace evidence
