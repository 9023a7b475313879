#include "acquisition/ewf_sections.h"

#include <libdeflate.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <new>

#include "acquisition/ewf_section_chain.h"
#include "acquisition/positioned_reader.h"

namespace evidence {
namespace {

constexpr std::size_t volume_bytes = 24;                  // what we need of it
constexpr std::uint64_t max_header_bytes = 1 * mib;       // compressed
constexpr std::uint64_t max_header_text_bytes = 4 * mib;  // and not

EwfVolume read_volume(const EwfSectionChain& chain, const EwfSection& section) {
    std::array<std::uint8_t, volume_bytes> data{};
    if (section.data_bytes() < data.size()) {
        chain.malformed("a longer volume section", section.offset);
    }
    chain.read(data, section.data_offset());
    return parse_ewf_volume(data);
}

std::string inflate(const EwfSectionChain& chain, const EwfSection& section) {
    const std::uint64_t size = section.data_bytes();
    if (size > max_header_bytes) chain.malformed("a header of at most 1 MiB", section.offset);
    Bytes packed(static_cast<std::size_t>(size));
    chain.read(packed, section.data_offset());
    std::string text(max_header_text_bytes, '\0');
    const std::unique_ptr<libdeflate_decompressor, void (*)(libdeflate_decompressor*)> decompressor(
        libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
    if (!decompressor) throw std::bad_alloc();
    std::size_t length = 0;
    if (libdeflate_zlib_decompress(decompressor.get(), packed.data(), packed.size(), text.data(),
                                   text.size(), &length) != LIBDEFLATE_SUCCESS) {
        chain.malformed("a header that can be unpacked", section.offset);
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
std::optional<UtcTime> acquired_at(const EwfSectionChain& chain, const EwfSection& section) {
    const std::string text = ascii_of_utf16(inflate(chain, section));
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

const char* volume_objection(const EwfVolume& volume) {
    constexpr std::uint64_t min_sector_bytes = 512, max_sector_bytes = 64 * kib;
    constexpr std::uint64_t max_chunk_bytes = 64 * mib, max_media_bytes = std::uint64_t{1} << 60;
    if (volume.sector_bytes < min_sector_bytes || volume.sector_bytes > max_sector_bytes) {
        return "sectors of 512 bytes to 64 KiB";
    }
    if (volume.sectors_per_chunk == 0 || volume.chunk_bytes() > max_chunk_bytes) {
        return "chunks of at most 64 MiB";
    }
    if (volume.sectors == 0 || volume.sectors > max_media_bytes / volume.sector_bytes) {
        return "a medium of 1 sector to 1 EiB";
    }
    return nullptr;
}

EwfVolume parse_ewf_volume(ByteView data) {
    const auto number = [&](std::size_t at) {
        return static_cast<std::uint32_t>(ewf_number(data.subspan(at, 4)));
    };
    return {number(4), number(8), number(12), ewf_number(data.subspan(16, 8))};
}

EwfSegmentFacts examine_ewf_segment(const File& file) {
    EwfSectionChain chain({&file, 0, file.size()});
    EwfSegmentFacts facts;
    facts.number = chain.number();
    bool has_header = false;  // only the first is looked at: each costs work
    while (const std::optional<EwfSection> section = chain.next()) {
        facts.is_last = section->is_last_of_set();
        if (!facts.volume && (section->type == "volume" || section->type == "disk")) {
            facts.volume = read_volume(chain, *section);
        }
        if (!has_header && section->type == "header2") {
            has_header = true;
            facts.acquired_at = acquired_at(chain, *section);
        }
    }
    return facts;
}

bool looks_like_ewf(const File& file) {
    std::array<std::uint8_t, ewf_signature.size()> start{};
    // A source that cannot be read says so when it is read.
    return FileReader(file).read_at(start, 0) == static_cast<ssize_t>(start.size()) &&
           as_text(start) == ewf_signature;
}

}  // namespace evidence
