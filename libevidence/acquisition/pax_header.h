// The headers of a pax tar (POSIX.1-2017, pax, "ustar Interchange Format" and "pax Extended
// Header"), read strictly and byte for byte.
//
// Not through libarchive: its reader composes decomposed Unicode names (seen with 3.6.2), accepts
// a tar without its end and several dialects, and a court needs one reading of one archive.
//
// Errors are Error(malformed) whose message lacks the place; the caller knows it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "acquisition/entry_record.h"

namespace evidence {

inline constexpr std::size_t tar_block_bytes = 512;
inline constexpr std::size_t pax_max_header_bytes = 4 * 1024 * 1024;

// What an extended header says about the entry that follows it.
struct PaxAttributes {
    std::optional<std::string> path, linkpath;
    std::optional<std::uint64_t> size_bytes;
    std::optional<std::int64_t> uid, gid;
    std::optional<FileTime> mtime, atime, ctime, btime;
};

// The body of an extended header: records "<length> <key>=<value>\n".
PaxAttributes parse_pax_attributes(std::string_view body);

// One header block. Type 'x' announces an extended header; other types are entries.
class UstarHeader {
public:
    // Checks magic and checksum. Precondition: tar_block_bytes bytes, which must stay.
    explicit UstarHeader(std::string_view block);

    bool is_extended_header() const { return type_flag() == 'x'; }
    std::uint64_t size_bytes(const PaxAttributes& attributes) const;
    EntryFacts facts(const PaxAttributes& attributes) const;

private:
    char type_flag() const { return block_[156]; }
    EntryType type() const;
    std::string_view text(std::size_t offset, std::size_t size) const;
    std::uint64_t number(std::size_t offset, std::size_t size, std::string_view what) const;
    std::string name() const;

    std::string_view block_;
};

}  // namespace evidence
