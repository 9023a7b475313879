#include "package/zip_profile.h"

#include <algorithm>

namespace evidence {
namespace {

constexpr std::uint16_t version_plain = 10;        // APPNOTE 4.4.3.2: default value
constexpr std::uint16_t version_zip64 = 45;        // uses ZIP64 extensions
constexpr std::uint16_t made_by_unix = 0x0300;     // high byte: host whose attributes follow
constexpr std::uint16_t msdos_date_1980 = 0x0021;  // 1980-01-01, the earliest date there is
constexpr std::uint32_t regular_file_0644 = 0100644u << 16;
constexpr std::uint16_t zip64_field_id = 0x0001;

template <typename Integer>
void append(std::string& out, Integer value) {
    for (std::size_t i = 0; i < sizeof(Integer); ++i) {
        out.push_back(static_cast<char>((value >> (8 * i)) & 0xFF));
    }
}

void append_u16(std::string& out, std::uint64_t value) {
    append(out, static_cast<std::uint16_t>(value));
}
void append_u32(std::string& out, std::uint64_t value) {
    append(out, static_cast<std::uint32_t>(value));
}
void append_u64(std::string& out, std::uint64_t value) { append(out, value); }

bool needs_zip64(std::uint64_t value) { return value >= zip64_marker; }

void append_u32_or_marker(std::string& out, std::uint64_t value) {
    append_u32(out, std::min(value, zip64_marker));
}

// What local header and directory record share, from "version needed" to "extra field length".
void append_common(std::string& out, bool zip64, std::string_view name, std::uint64_t size,
                   std::uint32_t crc32, std::size_t extra_bytes) {
    append_u16(out, zip64 ? version_zip64 : version_plain);
    append_u16(out, 0);  // flags
    append_u16(out, 0);  // method: stored
    append_u16(out, 0);  // time
    append_u16(out, msdos_date_1980);
    append_u32(out, crc32);
    append_u32_or_marker(out, size);  // as stored
    append_u32_or_marker(out, size);
    append_u16(out, name.size());
    append_u16(out, extra_bytes);
}

void append_zip64_end(std::string& out, std::uint64_t entry_count, std::uint64_t directory_size,
                      std::uint64_t directory_offset) {
    out += zip64_end_signature;
    append_u64(out, zip64_end_record_bytes - 12);  // counted from behind this field
    append_u16(out, made_by_unix | version_zip64);
    append_u16(out, version_zip64);
    append_u32(out, 0);  // this disk
    append_u32(out, 0);  // disk of the directory
    append_u64(out, entry_count);
    append_u64(out, entry_count);
    append_u64(out, directory_size);
    append_u64(out, directory_offset);

    out += zip64_locator_signature;
    append_u32(out, 0);  // disk of the ZIP64 end record
    append_u64(out, directory_offset + directory_size);
    append_u32(out, 1);  // disks in total
}

}  // namespace

std::uint64_t ZipEntry::data_offset() const {
    return header_offset + local_header_bytes(name.size(), size);
}

bool is_entry_name(std::string_view name) {
    if (name.empty() || name.size() > zip_max_name_bytes) return false;
    std::size_t start = 0;
    while (start <= name.size()) {
        const std::size_t end = std::min(name.find('/', start), name.size());
        const std::string_view part = name.substr(start, end - start);
        if (part.empty() || part == "." || part == "..") return false;
        const auto is_allowed = [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                   c == '.' || c == '_' || c == '-';
        };
        if (!std::all_of(part.begin(), part.end(), is_allowed)) return false;
        start = end + 1;
    }
    return true;
}

std::size_t local_header_bytes(std::size_t name_bytes, std::uint64_t size) {
    return zip_local_header_bytes + name_bytes + (needs_zip64(size) ? zip64_local_extra_bytes : 0);
}

std::string local_header(std::string_view name, std::uint64_t size, std::uint32_t crc32) {
    const bool zip64 = needs_zip64(size);
    std::string out;
    out.reserve(local_header_bytes(name.size(), size));
    out += zip_local_signature;
    append_common(out, zip64, name, size, crc32, zip64 ? zip64_local_extra_bytes : 0);
    out += name;
    if (zip64) {
        append_u16(out, zip64_field_id);
        append_u16(out, zip64_local_extra_bytes - 4);
        append_u64(out, size);
        append_u64(out, size);
    }
    return out;
}

std::string directory_record(const ZipEntry& entry) {
    std::string fields;  // of the ZIP64 field: size, size, offset, only those that need it
    if (needs_zip64(entry.size)) {
        append_u64(fields, entry.size);
        append_u64(fields, entry.size);
    }
    if (needs_zip64(entry.header_offset)) append_u64(fields, entry.header_offset);
    const bool zip64 = !fields.empty();

    std::string out;
    out += zip_directory_signature;
    append_u16(out, made_by_unix | (zip64 ? version_zip64 : version_plain));
    append_common(out, zip64, entry.name, entry.size, entry.crc32, zip64 ? fields.size() + 4 : 0);
    append_u16(out, 0);  // comment length
    append_u16(out, 0);  // disk
    append_u16(out, 0);  // internal attributes
    append_u32(out, regular_file_0644);
    append_u32_or_marker(out, entry.header_offset);
    out += entry.name;
    if (zip64) {
        append_u16(out, zip64_field_id);
        append_u16(out, fields.size());
        out += fields;
    }
    return out;
}

std::string end_records(std::uint64_t entry_count, std::uint64_t directory_size,
                        std::uint64_t directory_offset) {
    std::string out;
    if (needs_zip64(directory_size) || needs_zip64(directory_offset)) {
        append_zip64_end(out, entry_count, directory_size, directory_offset);
    }
    out += zip_end_signature;
    append_u16(out, 0);  // this disk
    append_u16(out, 0);  // disk of the directory
    append_u16(out, entry_count);
    append_u16(out, entry_count);
    append_u32_or_marker(out, directory_size);
    append_u32_or_marker(out, directory_offset);
    append_u16(out, 0);  // comment length
    return out;
}

}  // namespace evidence
