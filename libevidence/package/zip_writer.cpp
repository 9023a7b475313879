#include "package/zip_writer.h"

#include "base/error.h"
#include "digest/crc32.h"

namespace evidence {
namespace {

constexpr std::size_t directory_chunk_bytes = 64 * kib;

}  // namespace

ZipWriter::ZipWriter(Output output) : output_(std::move(output)) {}

void ZipWriter::put(ByteView bytes) {
    output_(bytes);
    offset_ += bytes.size();
}

void ZipWriter::add(std::string_view name, std::string_view content) {
    begin_entry(name, content.size(), evidence::crc32(0, as_bytes(content)));
    write(as_bytes(content));
    finish_entry();
}

void ZipWriter::begin_entry(std::string_view name, std::uint64_t size, std::uint32_t crc32) {
    if (!is_entry_name(name)) {
        throw Error(ErrorKind::usage,
                    "not a package entry name: " + std::string(name) +
                        " (expected letters, digits, '.', '_', '-' and '/' between them)");
    }
    if (entries_.size() == zip_max_entries) {
        throw Error(ErrorKind::unsupported,
                    "too many entries for one package: " + std::string(name) +
                        " (expected at most " + std::to_string(zip_max_entries) + ")",
                    "seal fewer items at a time");
    }
    entries_.push_back({std::string(name), size, crc32, offset_});
    put(as_bytes(local_header(name, size, crc32)));
    in_entry_ = 0;
    crc32_ = 0;
}

void ZipWriter::write(ByteView bytes) {
    if (bytes.size() > entries_.back().size - in_entry_) {
        throw Error(ErrorKind::refused,
                    "content is longer than announced: " + entries_.back().name + " (expected " +
                        std::to_string(entries_.back().size) + " bytes)");
    }
    crc32_ = evidence::crc32(crc32_, bytes);
    in_entry_ += bytes.size();
    put(bytes);
}

void ZipWriter::finish_entry() {
    const ZipEntry& entry = entries_.back();
    if (in_entry_ != entry.size) {
        throw Error(ErrorKind::refused, "content is shorter than announced: " + entry.name +
                                            " (expected " + std::to_string(entry.size) +
                                            " bytes, got " + std::to_string(in_entry_) + ")");
    }
    if (crc32_ != entry.crc32) {
        throw Error(ErrorKind::refused, "content differs from what was announced: " + entry.name +
                                            " (expected CRC-32 " + crc32_hex(entry.crc32) +
                                            ", got " + crc32_hex(crc32_) + ")");
    }
}

std::uint64_t ZipWriter::finish() {
    const std::uint64_t directory_offset = offset_;
    std::string chunk;
    for (const ZipEntry& entry : entries_) {
        chunk += directory_record(entry);
        if (chunk.size() < directory_chunk_bytes) continue;
        put(as_bytes(chunk));
        chunk.clear();
    }
    put(as_bytes(chunk));
    const std::uint64_t directory_size = offset_ - directory_offset;
    put(as_bytes(end_records(entries_.size(), directory_size, directory_offset)));
    return offset_;
}

}  // namespace evidence
