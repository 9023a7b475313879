#include "acquisition/ewf_section_chain.h"

#include <libdeflate.h>

#include <array>

#include "base/error.h"
#include "base/printable.h"

namespace evidence {
namespace {

constexpr std::string_view logical_signature("LVF\x09\x0d\x0a\xff\x00", 8);
constexpr std::string_view newer_signature("EVF2\x0d\x0a\x81\x00", 8);
// What stands in front of the sections: the signature, 1, the number of the segment, 0.
constexpr std::size_t one_at = 8, number_at = 9, zeros_at = 11, file_header_bytes = 13;

constexpr std::size_t type_bytes = 16, next_at = 16;
constexpr std::size_t descriptor_bytes = 76;  // type, next, size, unused, checksum
constexpr std::size_t max_sections = 1'000'000;

}  // namespace

std::uint64_t ewf_number(ByteView bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) value = value << 8 | bytes[i];
    return value;
}

bool ewf_checksum_is_right(ByteView bytes) {
    const ByteView content = bytes.first(bytes.size() - 4);
    return libdeflate_adler32(1, content.data(), content.size()) == ewf_number(bytes.last(4));
}

std::uint64_t EwfSection::data_offset() const { return offset + descriptor_bytes; }

std::size_t EwfFile::read_at(MutableByteView buffer, std::uint64_t offset) const {
    if (open_) return open_->read_at(buffer, offset);
    return File::open_regular(*path_).read_at(buffer, offset);
}

std::vector<EwfExtent> whole_files(const fs::path& folder, const std::vector<std::string>& names) {
    std::vector<EwfExtent> extents;
    for (const std::string& name : names) extents.push_back(whole_file(folder / name));
    return extents;
}

EwfExtent whole_file(const fs::path& path) {
    return {EwfFile(path), 0, File::open_regular(path).size()};
}

EwfSectionChain::EwfSectionChain(const EwfExtent& extent)
    : extent_(extent), offset_(file_header_bytes) {
    std::array<std::uint8_t, file_header_bytes> start{};
    read(start, 0);
    const std::string_view text = as_text(start);
    if (text.starts_with(logical_signature) || text.starts_with(newer_signature)) {
        throw Error(ErrorKind::unsupported, "not an E01 image but of another kind (L01, Ex01): " +
                                                printable(extent.file.name()));
    }
    const ByteView bytes(start);
    if (!text.starts_with(ewf_signature) || bytes[one_at] != 1 ||
        !all_zero(bytes.subspan(zeros_at))) {
        malformed("the EVF signature of an E01 segment", 0);
    }
    number_ = static_cast<unsigned>(ewf_number(bytes.subspan(number_at, 2)));
}

std::optional<EwfSection> EwfSectionChain::next() {
    if (ended_) return std::nullopt;
    if (++count_ > max_sections) malformed("at most 1000000 sections", offset_);
    std::array<std::uint8_t, descriptor_bytes> descriptor{};
    read(descriptor, offset_);
    if (!ewf_checksum_is_right(descriptor)) malformed("a section with a right checksum", offset_);
    const std::string_view type = as_text(descriptor).substr(0, type_bytes);
    EwfSection section{std::string(type.substr(0, type.find('\0'))), offset_,
                       ewf_number(ByteView(descriptor).subspan(next_at, 8))};
    ended_ = section.ends_segment();
    if (ended_) section.next = section.data_offset();  // it names itself, or its end
    // Further on each time, so the chain ends.
    if (section.next < section.data_offset() || section.next > extent_.size_bytes) {
        malformed("a next section behind this one and inside the segment", offset_);
    }
    offset_ = section.next;
    return section;
}

void EwfSectionChain::read(MutableByteView buffer, std::uint64_t offset) const {
    if (offset > extent_.size_bytes || buffer.size() > extent_.size_bytes - offset ||
        extent_.file.read_at(buffer, extent_.offset + offset) != buffer.size()) {
        malformed("more of it, the segment is cut", offset);
    }
}

void EwfSectionChain::malformed(std::string_view expected, std::uint64_t offset) const {
    throw Error(ErrorKind::malformed,
                "damaged E01 segment: " + printable(extent_.file.name()) + " at byte " +
                    std::to_string(extent_.offset + offset) + " (expected " +
                    std::string(expected) + ")",
                "ewfrecover may save what is left of it");
}

}  // namespace evidence
