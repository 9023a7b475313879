// The ZIP profile of sealed packages: every header byte is a function of (name, size, CRC)
// (evidence-package(5), "ZIP profile"; APPNOTE 6.3.10 sections 4.3 to 4.5).
//
// Thread rule: plain functions and values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"

namespace evidence {

struct ZipEntry {
    std::string name;
    std::uint64_t size = 0;
    std::uint32_t crc32 = 0;
    std::uint64_t header_offset = 0;  // of its local header

    std::uint64_t data_offset() const;  // header_offset + length of the local header
    std::uint64_t end_offset() const { return data_offset() + size; }
    bool operator==(const ZipEntry&) const = default;
};

inline constexpr std::size_t zip_max_entries = 65535;
inline constexpr std::size_t zip_max_name_bytes = 200;

// Lengths of the fixed parts; a name and at most one ZIP64 field follow the first two.
inline constexpr std::size_t zip_local_header_bytes = 30;
inline constexpr std::size_t zip_directory_record_bytes = 46;
inline constexpr std::size_t zip64_end_record_bytes = 56;
inline constexpr std::size_t zip64_locator_bytes = 20;
inline constexpr std::size_t zip_end_record_bytes = 22;
inline constexpr std::size_t zip64_local_extra_bytes = 20;
inline constexpr std::size_t zip64_max_directory_extra_bytes = 28;

inline constexpr std::string_view zip_local_signature{"PK\x03\x04", 4};
inline constexpr std::string_view zip_directory_signature{"PK\x01\x02", 4};
inline constexpr std::string_view zip64_end_signature{"PK\x06\x06", 4};
inline constexpr std::string_view zip64_locator_signature{"PK\x06\x07", 4};
inline constexpr std::string_view zip_end_signature{"PK\x05\x06", 4};

// The value of a 32-bit field whose true value stands in a ZIP64 field, and the least value that
// has to stand there.
inline constexpr std::uint64_t zip64_marker = 0xFFFFFFFF;

// [A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*, at most 200 bytes, no "." or ".." part.
bool is_entry_name(std::string_view name);

std::size_t local_header_bytes(std::size_t name_bytes, std::uint64_t size);
std::string local_header(std::string_view name, std::uint64_t size, std::uint32_t crc32);

// Directory records, ZIP64 records where needed, and the end record, for entries laid out
// contiguously from byte 0; `directory_offset` is where they will stand.
std::string directory_record(const ZipEntry& entry);
std::string end_records(std::uint64_t entry_count, std::uint64_t directory_size,
                        std::uint64_t directory_offset);

}  // namespace evidence
