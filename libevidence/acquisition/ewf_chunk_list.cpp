#include "acquisition/ewf_chunk_list.h"

#include <array>

namespace evidence {
namespace {

constexpr std::size_t table_header_bytes = 24;  // count, unused, base, unused, checksum
constexpr std::size_t count_bytes = 4, base_at = 8;
constexpr std::size_t entry_bytes = 4, checksum_bytes = 4;
constexpr std::uint32_t compressed_flag = 0x80000000;
constexpr std::size_t max_entries = std::size_t{1} << 22;  // EnCase has 65534, some have more

}  // namespace

std::optional<EwfChunkPlace> EwfChunkList::next() {
    while (next_entry_ == count_) {
        if (!open_table()) return std::nullopt;
    }
    const std::size_t entry = next_entry_++;
    const std::uint64_t begin = position(entry);
    const std::uint64_t end = next_entry_ == count_ ? end_ : position(next_entry_);
    // One after the other within the sectors, so that none overlaps another.
    if (begin < begin_ || begin >= end || end > end_) {
        chain_->malformed("chunks in order and in their sectors, not number " +
                              std::to_string(entry) + " of this table",
                          table_offset_);
    }
    const ByteView bytes = ByteView(entries_).subspan(entry * entry_bytes, entry_bytes);
    return EwfChunkPlace{chain_->extent().file, chain_->extent().offset + begin, end - begin,
                         (ewf_number(bytes) & compressed_flag) != 0};
}

std::uint64_t EwfChunkList::position(std::size_t entry) const {
    const ByteView bytes = ByteView(entries_).subspan(entry * entry_bytes, entry_bytes);
    return base_ + (ewf_number(bytes) & ~std::uint64_t{compressed_flag});
}

// The next of the set, which may be empty; false when there is none.
bool EwfChunkList::open_table() {
    for (;;) {
        const std::optional<EwfSection> section = chain_ ? chain_->next() : std::nullopt;
        if (!section) {
            if (segment_ == segments_.size()) return false;
            chain_.emplace(segments_[segment_++]);
            sectors_.reset();
        } else if (section->type == "sectors") {
            sectors_ = section;
        } else if (section->type == "table") {
            read_table(*section);
            return true;
        }
    }
}

void EwfChunkList::read_table(const EwfSection& table) {
    std::array<std::uint8_t, table_header_bytes> header{};
    chain_->read(header, table.data_offset());
    const ByteView bytes(header);
    if (table.data_bytes() < table_header_bytes || !ewf_checksum_is_right(bytes)) {
        chain_->malformed("a table with a right checksum", table.offset);
    }
    count_ = static_cast<std::size_t>(ewf_number(bytes.first(count_bytes)));
    base_ = ewf_number(bytes.subspan(base_at, 8));
    const std::uint64_t room = table.data_bytes() - table_header_bytes;
    const std::uint64_t size = count_ * entry_bytes + checksum_bytes;
    if (count_ > max_entries || size > room || base_ > chain_->extent().size_bytes) {
        chain_->malformed("a table that fits into its section", table.offset);
    }
    entries_.resize(static_cast<std::size_t>(size));
    const std::uint64_t entries_at = table.data_offset() + table_header_bytes;
    chain_->read(entries_, entries_at);
    if (!ewf_checksum_is_right(entries_)) {
        chain_->malformed("entries of a table with a right checksum", entries_at);
    }
    // EnCase 1 has no sections for sectors: chunks stand behind the entries of their table.
    begin_ = sectors_ ? sectors_->data_offset() : entries_at + size;
    end_ = sectors_ ? sectors_->next : table.next;
    sectors_.reset();
    next_entry_ = 0;
    table_offset_ = table.offset;
}

}  // namespace evidence
