#include "package/zip_end.h"

#include "package/zip_bytes.h"
#include "package/zip_profile.h"

namespace evidence {

std::optional<EndOfZip> read_end(const File& file, std::uint64_t file_size) {
    if (file_size < zip_end_record_bytes) return std::nullopt;
    EndOfZip end;
    end.start = file_size - zip_end_record_bytes;
    const std::string record = read_range(file, end.start, zip_end_record_bytes);
    if (record.size() != zip_end_record_bytes || !record.starts_with(zip_end_signature)) {
        return std::nullopt;
    }
    end.entry_count = load(record, 10, 2);
    end.directory_size = load(record, 12, 4);
    end.directory_offset = load(record, 16, 4);
    constexpr std::size_t zip64_bytes = zip64_end_record_bytes + zip64_locator_bytes;
    std::string found = record;
    if (end.directory_size == zip64_marker || end.directory_offset == zip64_marker) {
        if (end.start < zip64_bytes) return std::nullopt;
        end.start -= zip64_bytes;
        found = read_range(file, end.start, zip64_bytes) + record;
        if (found.size() != zip64_bytes + record.size() ||
            !found.starts_with(zip64_end_signature)) {
            return std::nullopt;
        }
        end.entry_count = load(found, 32, 8);
        end.directory_size = load(found, 40, 8);
        end.directory_offset = load(found, 48, 8);
    }
    end.is_regular =
        end.entry_count <= zip_max_entries &&
        found == end_records(end.entry_count, end.directory_size, end.directory_offset);
    return end;
}

}  // namespace evidence
