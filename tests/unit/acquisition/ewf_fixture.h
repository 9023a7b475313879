// Small E01 sets to write, read and damage.
#pragma once

#include <functional>
#include <string>

#include "acquisition/acquire_fixture.h"
#include "acquisition/ewf_reader.h"
#include "acquisition/ewf_writer.h"

namespace evidence::test {

inline EwfHeader example_header() {
    EwfHeader header;
    header.case_number = "2026-HN-17";
    header.evidence_number = "HN-1";
    header.description = "Đĩa cứng của ông Nguyễn Văn Ân";
    header.examiner_name = "Trần Thị Bích \xf0\x9f\x94\x8d";
    header.notes = "found under the desk; \"as is\" \\ 100 %";
    header.model = "WDC WD10EZEX";
    header.serial_number = "WD-WCC6Y1";
    header.acquiry_software_version = "evidence-acquire 1.0";
    header.acquiry_operating_system = "Linux 6.1";
    header.acquired_at = UtcTime::from_seconds(1'763'776'538);
    return header;
}

inline DigestSet digests_of(std::string_view content) {
    MultiHasher hasher({Algorithm::md5, Algorithm::sha1, Algorithm::sha256});
    hasher.update(as_bytes(content));
    return hasher.finish();
}

inline EwfOptions example_options(const fs::path& folder, std::uint64_t media_bytes) {
    EwfOptions options;
    options.folder = folder;
    options.media_bytes = media_bytes;
    options.header = example_header();
    options.set_identifier = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    options.workers = 2;
    return options;
}

// Several buffers at a time, as broadcast() does.
inline void write_content(EwfWriter& writer, std::string_view content, std::size_t batch = 3) {
    std::uint64_t offset = 0;
    while (offset < content.size()) {
        std::vector<ByteView> buffers;
        std::uint64_t size = 0;
        for (std::size_t i = 0; i < batch && offset + size < content.size(); ++i) {
            const std::string_view buffer = content.substr(offset + size, mib);
            buffers.push_back(as_bytes(buffer));
            size += buffer.size();
        }
        writer.write(buffers, offset);
        offset += size;
    }
}

inline std::vector<EwfSegment> write_set(const EwfOptions& options, std::string_view content,
                                         const BadRanges& unread = {}) {
    EwfWriter writer(options);
    write_content(writer, content);
    return writer.finish(digests_of(content), unread);
}

// With reads of so many bytes.
inline std::string read_all(EwfReader& reader, std::size_t step = 300'000) {
    std::string content(reader.media_bytes(), '\0');
    std::uint64_t offset = 0;
    while (offset < content.size()) {
        const ssize_t count =
            reader.read_at({reinterpret_cast<std::uint8_t*>(content.data()) + offset,
                            std::min<std::uint64_t>(step, content.size() - offset)},
                           offset);
        if (count <= 0) throw std::runtime_error("cannot read at " + std::to_string(offset));
        offset += static_cast<std::uint64_t>(count);
    }
    return content;
}

inline std::string some_text(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; text.size() < size; ++i) text += "line " + std::to_string(i) + "\n";
    text.resize(size);
    return text;
}

}  // namespace evidence::test
