// Where the chunks of an Expert Witness (E01) set are, in the order of the medium: its "table"
// sections, one after the other. Their mirrors, "table2", are not looked at: a set whose tables are
// damaged is a damaged set.
//
// Thread rule: belongs to one thread.
#pragma once

#include <span>
#include <vector>

#include "acquisition/ewf_section_chain.h"

namespace evidence {

struct EwfChunkPlace {
    EwfFile file;
    std::uint64_t offset = 0;      // in that file
    std::uint64_t size_bytes = 0;  // to the next chunk, or the end of the section
    bool compressed = false;
};

class EwfChunkList {
public:
    explicit EwfChunkList(std::span<const EwfExtent> segments) : segments_(segments) {}

    // nullopt behind the last of the set. Chunks do not overlap. Error(malformed) for tables that
    // are damaged or point outside of the sectors they stand for; no call after that.
    std::optional<EwfChunkPlace> next();

private:
    bool open_table();
    void read_table(const EwfSection& table);
    std::uint64_t position(std::size_t entry) const;

    std::span<const EwfExtent> segments_;
    std::size_t segment_ = 0;  // how many were opened
    std::optional<EwfSectionChain> chain_;
    std::optional<EwfSection> sectors_;  // that no table was for yet

    // The table that is open, in positions of its segment.
    Bytes entries_;
    std::size_t count_ = 0, next_entry_ = 0;
    std::uint64_t base_ = 0, begin_ = 0, end_ = 0, table_offset_ = 0;
};

}  // namespace evidence
