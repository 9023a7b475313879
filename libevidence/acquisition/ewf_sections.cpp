#include "acquisition/ewf_sections.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <new>

#include "acquisition/positioned_reader.h"
#include "base/error.h"
#include "base/printable.h"

namespace evidence {
namespace {

constexpr std::string_view signature("EVF\x09\x0d\x0a\xff\x00", 8);
constexpr std::size_t file_header_bytes = 13;
constexpr std::size_t segment_number_at = 9;
constexpr std::size_t descriptor_bytes = 76;  // type, next, size, unused, checksum
constexpr std::size_t checksum_at = descriptor_bytes - 4;
constexpr std::size_t volume_bytes = 24;  // what we need of it
constexpr std::size_t max_sections = 1'000'000;
constexpr std::uint64_t max_header_bytes = 1 * mib;       // compressed
constexpr std::uint64_t max_header_text_bytes = 4 * mib;  // and not

std::uint64_t little_endian(ByteView bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
    return value;
}

[[noreturn]] void malformed(const File& file, std::string_view what, std::uint64_t offset) {
    throw Error(ErrorKind::malformed,
                "damaged E01 segment file: " + printable(file.name()) + " at byte " +
                    std::to_string(offset) + " (expected " + std::string(what) + ")",
                "ewfrecover may save what is left of it");
}

struct Section {
    std::string type;
    std::uint64_t offset = 0, next = 0;

    std::uint64_t data_offset() const { return offset + descriptor_bytes; }
    bool ends_file() const { return type == "next" || type == "done"; }
};

Section read_section(const File& file, std::uint64_t offset) {
    std::array<std::uint8_t, descriptor_bytes> descriptor{};
    if (file.read_at(descriptor, offset) != descriptor.size()) {
        malformed(file, "a section, the file may be cut", offset);
    }
    const ByteView bytes(descriptor);
    if (libdeflate_adler32(1, bytes.data(), checksum_at) !=
        little_endian(bytes.subspan(checksum_at))) {
        malformed(file, "a section with a right checksum", offset);
    }
    const std::string_view type = as_text(bytes.first(16));
    return {std::string(type.substr(0, type.find('\0'))), offset,
            little_endian(bytes.subspan(16, 8))};
}

EwfVolume read_volume(const File& file, const Section& section) {
    std::array<std::uint8_t, volume_bytes> data{};
    if (section.next - section.data_offset() < data.size()) {
        malformed(file, "a longer volume section", section.offset);
    }
    file.read_exactly_at(data, section.data_offset());
    const ByteView bytes(data);
    EwfVolume volume;
    volume.chunks = static_cast<std::uint32_t>(little_endian(bytes.subspan(4, 4)));
    volume.sectors_per_chunk = static_cast<std::uint32_t>(little_endian(bytes.subspan(8, 4)));
    volume.sector_bytes = static_cast<std::uint32_t>(little_endian(bytes.subspan(12, 4)));
    volume.sectors = little_endian(bytes.subspan(16, 8));
    return volume;
}

std::string inflate(const File& file, const Section& section) {
    const std::uint64_t size = section.next - section.data_offset();
    if (size > max_header_bytes) malformed(file, "a header of at most 1 MiB", section.offset);
    Bytes packed(static_cast<std::size_t>(size));
    file.read_exactly_at(packed, section.data_offset());
    std::string text(max_header_text_bytes, '\0');
    const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> decompressor(
        libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
    if (!decompressor) throw std::bad_alloc();
    std::size_t length = 0;
    if (libdeflate_zlib_decompress(decompressor.get(), packed.data(), packed.size(), text.data(),
                                   text.size(), &length) != LIBDEFLATE_SUCCESS) {
        malformed(file, "a header that can be unpacked", section.offset);
    }
    text.resize(length);
    return text;
}

// UTF-16 in either byte order, of which only the ASCII characters matter here.
std::string ascii_of_utf16(std::string_view text) {
    const std::size_t high = text.starts_with("\xfe\xff") ? 0 : 1;
    std::string ascii;
    for (std::size_t i = 2; i + 1 < text.size(); i += 2) {
        ascii += text[i + high] == 0 ? text[i + 1 - high] : '?';
    }
    return ascii;
}

std::string_view take(std::string_view& text, char end) {
    const std::size_t length = std::min(text.find(end), text.size());
    const std::string_view part = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));
    return part;
}

// Line 3 has the names of the fields, line 4 their values; "m" is when the medium was acquired, in
// seconds since 1970.
std::optional<UtcTime> acquired_at(const File& file, const Section& section) {
    const std::string text = ascii_of_utf16(inflate(file, section));
    std::string_view rest = text;
    take(rest, '\n');
    take(rest, '\n');
    std::string_view names = take(rest, '\n'), values = take(rest, '\n');
    while (!names.empty()) {
        const std::string_view name = take(names, '\t'), value = take(values, '\t');
        if (name != "m") continue;
        std::uint32_t seconds = 0;
        const auto [end, error] =
            std::from_chars(value.data(), value.data() + value.size(), seconds);
        if (error != std::errc() || end != value.data() + value.size()) return std::nullopt;
        return UtcTime::from_seconds(seconds);
    }
    return std::nullopt;
}

}  // namespace

EwfSegmentFacts examine_ewf_segment(const File& file) {
    if (!looks_like_ewf(file)) malformed(file, "the EVF signature", 0);
    std::array<std::uint8_t, file_header_bytes> start{};
    file.read_exactly_at(start, 0);
    EwfSegmentFacts facts;
    facts.number =
        static_cast<unsigned>(little_endian(ByteView(start).subspan(segment_number_at, 2)));
    std::uint64_t offset = file_header_bytes;
    for (std::size_t count = 0; count < max_sections; ++count) {
        const Section section = read_section(file, offset);
        if (section.ends_file()) {
            facts.is_last = section.type == "done";
            return facts;
        }
        if (section.next < section.data_offset() || section.next > file.size()) {
            malformed(file, "a next section behind this one", offset);
        }
        if (!facts.volume && (section.type == "volume" || section.type == "disk")) {
            facts.volume = read_volume(file, section);
        }
        if (!facts.acquired_at && section.type == "header2") {
            facts.acquired_at = acquired_at(file, section);
        }
        offset = section.next;
    }
    malformed(file, "at most 1000000 sections", offset);
}

bool looks_like_ewf(const File& file) {
    std::array<std::uint8_t, signature.size()> start{};
    // A source that cannot be read says so when it is read.
    return FileReader(file).read_at(start, 0) == static_cast<ssize_t>(start.size()) &&
           as_text(start) == signature;
}

}  // namespace evidence
