#include "package/zip_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/error.h"
#include "package/zip_bytes.h"
#include "package/zip_end.h"
#include "package/zip_layout_check.h"

namespace evidence {
namespace {

constexpr std::size_t zip_max_comment_bytes = 65535;
constexpr std::uint64_t max_directory_bytes =
    zip_max_entries *
    (zip_directory_record_bytes + zip_max_name_bytes + zip64_max_directory_extra_bytes);

// Reads one file and collects what is wrong with it.
class StructureReader {
public:
    StructureReader(const File& file, Findings& findings) : file_(file), findings_(findings) {
        structure_.file_size = file.size();
    }

    ZipStructure read() {
        const std::optional<EndOfZip> end = read_end(file_, structure_.file_size);
        if (!end) {
            read_without_end();
        } else if (!read_directory_at(*end)) {
            structure_.directory_offset = std::min(end->directory_offset, end->start);
            structure_.entries.clear();
            walk_entries();
        }
        check_zip_layout(file_, prefix_, structure_, findings_);
        index_names();
        return std::move(structure_);
    }

private:
    void fail(std::string code, std::string message, std::string where = {}) {
        findings_.add(std::move(code), Layer::structure, Weight::failed, std::move(message),
                      std::move(where));
    }

    bool read_directory_at(const EndOfZip& end);
    std::uint64_t find_directory(const EndOfZip& end);
    bool read_records(const EndOfZip& end, std::uint64_t start);
    bool read_record(ForwardReader& reader);
    std::optional<ZipEntry> entry_of_record(std::string_view record, std::size_t name_length);
    void read_without_end();
    std::uint64_t walk_entries();
    void compare_tail(std::uint64_t position);
    void index_names();

    const File& file_;
    Findings& findings_;
    ZipStructure structure_;
    std::uint64_t prefix_ = 0;  // bytes in front of what the offsets count from
};

// False when the directory could not be read to its end.
bool StructureReader::read_directory_at(const EndOfZip& end) {
    if (!end.is_regular) {
        fail("zip.not-profile", "the end records differ from the profile",
             fmt::format("offset {}", end.start));
    }
    if (end.entry_count > zip_max_entries || end.directory_size > max_directory_bytes) {
        fail("zip.too-many-entries",
             fmt::format("the end record announces {} entries in a directory of {} bytes",
                         end.entry_count, end.directory_size));
        return false;
    }
    if (end.directory_size > end.start) {
        fail("zip.truncated",
             fmt::format("the directory of {} bytes does not fit in the file", end.directory_size));
        return false;
    }
    return read_records(end, find_directory(end));
}

// Where the directory really begins, whatever its announced offset says.
std::uint64_t StructureReader::find_directory(const EndOfZip& end) {
    const std::uint64_t adjacent = end.start - end.directory_size;
    if (end.directory_offset == adjacent) return adjacent;
    if (end.directory_offset > adjacent) {
        fail("zip.truncated", fmt::format("{} bytes are missing in front of the directory",
                                          end.directory_offset - adjacent));
        return adjacent;
    }
    const std::uint64_t surplus = adjacent - end.directory_offset;
    const bool is_at_announced =
        read_range(file_, end.directory_offset, 4) == zip_directory_signature;
    if (is_at_announced) {
        fail("zip.gap", fmt::format("{} bytes stand behind the directory", surplus));
        return end.directory_offset;
    }
    if (read_range(file_, 0, 4) == zip_local_signature) {
        fail("zip.gap", fmt::format("{} bytes stand before the directory", surplus));
    } else {
        fail("zip.prefix", fmt::format("{} bytes stand in front of the first entry", surplus));
        prefix_ = surplus;
    }
    return adjacent;
}

bool StructureReader::read_records(const EndOfZip& end, std::uint64_t start) {
    structure_.directory_offset = start;
    ForwardReader reader(file_, start, start + end.directory_size);
    std::uint64_t records = 0;
    while (reader.position() < start + end.directory_size) {
        if (records == zip_max_entries || !read_record(reader)) {
            fail("zip.directory-mismatch", "the directory is damaged",
                 fmt::format("record {}", records + 1));
            return false;
        }
        ++records;
    }
    if (records != end.entry_count) {
        fail("zip.directory-mismatch",
             fmt::format("the directory has {} records (the end record says {})", records,
                         end.entry_count));
    }
    return true;
}

bool StructureReader::read_record(ForwardReader& reader) {
    std::string record(reader.next(zip_directory_record_bytes));
    if (record.size() != zip_directory_record_bytes ||
        !record.starts_with(zip_directory_signature)) {
        return false;
    }
    const std::size_t name_length = load(record, directory_fields_at + field_name_length, 2);
    const std::size_t rest = name_length +
                             load(record, directory_fields_at + field_extra_length, 2) +
                             load(record, field_comment_length_at, 2);
    record += reader.next(rest);
    if (record.size() != zip_directory_record_bytes + rest) return false;
    const std::optional<ZipEntry> entry = entry_of_record(record, name_length);
    if (!entry) return true;
    structure_.entries.push_back(*entry);
    return true;
}

// What a directory record says; nullopt (and a finding) when it cannot be an entry.
std::optional<ZipEntry> StructureReader::entry_of_record(std::string_view record,
                                                         std::size_t name_length) {
    const std::string_view name = record.substr(zip_directory_record_bytes, name_length);
    if (name_length > zip_max_name_bytes) {
        fail("zip.entry-name",
             fmt::format("a name of {} bytes (expected at most {})", name_length,
                         zip_max_name_bytes),
             std::string(name.substr(0, zip_max_name_bytes)));
        return std::nullopt;
    }
    ZipEntry entry;
    entry.name = name;
    entry.crc32 = static_cast<std::uint32_t>(load(record, directory_fields_at + field_crc32, 4));
    entry.size = load(record, directory_fields_at + field_stored_size, 4);
    entry.header_offset = load(record, field_offset_at, 4);
    // A ZIP64 field of any other shape shows when the record is regenerated.
    std::size_t at = zip_directory_record_bytes + name_length + 4;
    if (entry.size == zip64_marker && record.size() >= at + 16) {
        entry.size = load(record, at, 8);
        at += 16;
    }
    if (entry.header_offset == zip64_marker && record.size() >= at + 8) {
        entry.header_offset = load(record, at, 8);
    }
    if (directory_record(entry) != record) {
        fail("zip.not-profile", "the directory record differs from the profile", entry.name);
    }
    const std::uint64_t room = structure_.directory_offset - prefix_;
    if (entry.header_offset > room || entry.size > room) {
        fail("zip.truncated", "the entry does not fit in the file", entry.name);
        return std::nullopt;
    }
    entry.header_offset += prefix_;
    return entry;
}

// No end record at the end: the local headers say what there is, and what should follow them.
void StructureReader::read_without_end() {
    const std::uint64_t position = walk_entries();
    structure_.directory_offset = position;
    compare_tail(position);
}

// Reads local headers from the start of the file, each where the one before says; returns where
// that ends.
std::uint64_t StructureReader::walk_entries() {
    constexpr std::size_t most =
        zip_local_header_bytes + zip_max_name_bytes + zip64_local_extra_bytes;
    std::uint64_t position = 0;
    while (structure_.entries.size() < zip_max_entries) {
        const std::string header = read_range(file_, position, most);
        if (!header.starts_with(zip_local_signature)) break;
        const std::size_t name_length = header.size() < zip_local_header_bytes
                                            ? 0
                                            : load(header, local_fields_at + field_name_length, 2);
        if (header.size() < zip_local_header_bytes + name_length && header.size() < most) {
            fail("zip.truncated", "the file ends inside a local header");
            break;
        }
        if (name_length > zip_max_name_bytes) break;
        ZipEntry entry;
        entry.name = header.substr(zip_local_header_bytes, name_length);
        entry.size = load(header, local_fields_at + field_stored_size, 4);
        entry.crc32 = static_cast<std::uint32_t>(load(header, local_fields_at + field_crc32, 4));
        entry.header_offset = position;
        const std::size_t zip64_at = zip_local_header_bytes + name_length + 4;
        if (entry.size == zip64_marker && header.size() >= zip64_at + 8) {
            entry.size = load(header, zip64_at, 8);
        }
        const std::uint64_t room = structure_.file_size - position;
        const std::uint64_t header_length = local_header_bytes(name_length, entry.size);
        if (header_length > room || entry.size > room - header_length) {
            fail("zip.truncated",
                 fmt::format("the file ends inside the entry (expected {} bytes of content)",
                             entry.size),
                 entry.name);
            break;
        }
        position = entry.end_offset();
        structure_.entries.push_back(std::move(entry));
    }
    return position;
}

// Compares what follows the entries with what should.
void StructureReader::compare_tail(std::uint64_t position) {
    ForwardReader reader(file_, position, structure_.file_size);
    std::uint64_t directory_size = 0;
    bool differs = false;
    const auto compare = [&](const std::string& expected) {
        const std::string_view found = reader.next(expected.size());
        differs = differs || found != std::string_view(expected).substr(0, found.size());
        return expected.size();
    };
    for (const ZipEntry& entry : structure_.entries) {
        directory_size += compare(directory_record(entry));
    }
    const std::uint64_t end_size =
        compare(end_records(structure_.entries.size(), directory_size, position));
    const std::uint64_t expected_size = position + directory_size + end_size;
    if (structure_.file_size < expected_size) {
        fail("zip.truncated", fmt::format("the file has {} bytes (expected {})",
                                          structure_.file_size, expected_size));
    }
    if (differs) {
        fail("zip.not-profile", "what follows the last entry is not the directory of the entries",
             fmt::format("offset {}", position));
    } else if (structure_.file_size > expected_size) {
        fail("zip.trailing-bytes", fmt::format("{} bytes stand behind the end record",
                                               structure_.file_size - expected_size));
    }
}

void StructureReader::index_names() {
    const std::vector<ZipEntry>& entries = structure_.entries;
    std::vector<std::uint32_t>& by_name = structure_.by_name;
    by_name.resize(entries.size());
    std::iota(by_name.begin(), by_name.end(), 0u);
    std::stable_sort(by_name.begin(), by_name.end(), [&](std::uint32_t a, std::uint32_t b) {
        return entries[a].name < entries[b].name;
    });
}

}  // namespace

const ZipEntry* ZipStructure::find(std::string_view name) const {
    const auto found = std::lower_bound(by_name.begin(), by_name.end(), name,
                                        [this](std::uint32_t index, std::string_view wanted) {
                                            return entries[index].name < wanted;
                                        });
    if (found == by_name.end() || entries[*found].name != name) return nullptr;
    return &entries[*found];
}

bool looks_like_zip(const File& file) {
    if (read_range(file, 0, 4) == zip_local_signature) return true;
    const std::uint64_t size = file.size();
    const std::uint64_t tail =
        std::min<std::uint64_t>(size, zip_end_record_bytes + zip_max_comment_bytes);
    return read_range(file, size - tail, static_cast<std::size_t>(tail)).find(zip_end_signature) !=
           std::string::npos;
}

ZipStructure read_zip_structure(const File& file, Findings& findings) {
    return StructureReader(file, findings).read();
}

std::string read_entry(const File& file, const ZipEntry& entry, std::size_t max_bytes) {
    if (entry.size > max_bytes) {
        throw Error(ErrorKind::malformed,
                    fmt::format("entry too large: {} (expected at most {} bytes, has {})",
                                entry.name, max_bytes, entry.size));
    }
    std::string content(static_cast<std::size_t>(entry.size), '\0');
    file.read_exactly_at({reinterpret_cast<std::uint8_t*>(content.data()), content.size()},
                         entry.data_offset());
    return content;
}

}  // namespace evidence
