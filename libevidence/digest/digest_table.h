// Digests in a file, in rising order, to be looked up where there are too many for memory. Digests
// are spread evenly, so that a few reads find any of a hundred million.
//
//     DigestTableWriter   takes them in any order, writes them sorted
//     DigestTable         looks them up
//
// Keys have 32 bytes: shorter digests are followed by zeros, longer ones cut, which leaves 256
// bits.
//
// Thread rule: the writer belongs to one thread; a table may be read by several.
#pragma once

#include <array>
#include <compare>
#include <optional>

#include "base/context.h"
#include "base/external_sort.h"
#include "base/file.h"

namespace evidence {

using DigestKey = std::array<std::uint8_t, 32>;
DigestKey digest_key(ByteView digest);

struct DigestRow {
    DigestKey key;
    std::uint64_t place;  // the caller's; in the byte order of this machine
    auto operator<=>(const DigestRow&) const = default;
};

class DigestTableWriter {
public:
    // Sorts with `buffer_bytes` of memory and a spill file in the scratch folder.
    explicit DigestTableWriter(
        const Context& context,
        std::size_t buffer_bytes = ExternalSort<DigestRow>::default_buffer_bytes)
        : context_(context), rows_(context.scratch_folder, buffer_bytes) {}

    void add(const DigestRow& row) { rows_.add(row); }
    // Appends all rows to `file`, at its current position.
    void write(File& file);
    std::uint64_t size() const { return rows_.size(); }

private:
    const Context& context_;
    ExternalSort<DigestRow> rows_;
};

class DigestTable {
public:
    DigestTable() = default;
    // `rows` of them from `offset` on; the file must outlive the table.
    DigestTable(const File& file, std::uint64_t offset, std::uint64_t rows)
        : file_(&file), offset_(offset), rows_(rows) {}

    // The number of the first row with this key, behind which the others follow, their places in
    // rising order; nullopt when there is none.
    std::optional<std::uint64_t> find(const DigestKey& key) const;
    bool contains(const DigestKey& key) const { return find(key).has_value(); }
    DigestRow row(std::uint64_t number) const;  // precondition: number < rows()
    std::uint64_t rows() const { return rows_; }

private:
    std::uint64_t lower_bound(const DigestKey& key) const;

    const File* file_ = nullptr;
    std::uint64_t offset_ = 0, rows_ = 0;
};

}  // namespace evidence
