#include "verification/damaged_pieces.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "acquisition/item_files.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "base/line_reader.h"
#include "digest/piece_sweep.h"

namespace evidence {
namespace {

constexpr std::size_t digest_digits = 64, max_ranges_named = 20;

LineReader lines_of(const File& list, std::uint64_t first) {
    const std::uint64_t start = std::min(first * pieces_line_bytes, list.size());
    return LineReader::of_file(list, start, list.size() - start, list.name(), digest_digits);
}

bool has_root(const File& list, const Sha256& root) try {
    MerkleTree tree;
    LineReader lines = lines_of(list, 0);
    while (const auto line = lines.next()) {
        if (!is_hex(*line, digest_digits)) return false;
        tree.add_leaf(merkle_leaf(*from_hex(*line)));
    }
    return tree.root() == root;
} catch (const Error& error) {
    if (error.kind() != ErrorKind::malformed) throw;
    return false;
}

using Range = std::pair<std::uint64_t, std::uint64_t>;  // of bytes, inclusive

std::string text_of(const std::vector<Range>& ranges) {
    std::string text;
    for (std::size_t i = 0; i < std::min(ranges.size(), max_ranges_named); ++i) {
        if (i > 0) text += ", ";
        text += std::to_string(ranges[i].first) + "-" + std::to_string(ranges[i].second);
    }
    return ranges.size() > max_ranges_named ? text + ", and more" : text;
}

// One range too many is kept, as a sign that there are more.
void note(std::vector<Range>& ranges, std::uint64_t offset, std::uint64_t size) {
    if (!ranges.empty() && ranges.back().second + 1 == offset) {
        ranges.back().second += size;
    } else if (ranges.size() <= max_ranges_named) {
        ranges.emplace_back(offset, offset + size - 1);
    }
}

}  // namespace

std::optional<ListedPieces> ListedPieces::open(const fs::path& list, const Sha256& root) {
    if (!path_exists(list)) return std::nullopt;
    File file = File::open_regular(list);
    if (!has_root(file, root)) return std::nullopt;
    return ListedPieces(std::move(file));
}

std::string ListedPieces::damaged_ranges(const fs::path& object, std::uint64_t size_bytes,
                                         std::uint64_t first, const Context& context) const {
    const File file = File::open_regular(object);
    std::vector<Range> ranges;
    LineReader lines = lines_of(list_, first);
    std::uint64_t offset = 0;
    // A piece that is cut short has another digest; what comes after it is missing.
    const std::uint64_t found = sweep_pieces(
        size_bytes, pieces_of_file(file, 0),
        [&](const Sha256& piece) {
            const auto line = lines.next();
            const std::uint64_t size = std::min(piece_bytes, size_bytes - offset);
            if (!line || *line != to_hex(piece)) note(ranges, offset, size);
            offset += size;
        },
        context);
    if (found < size_bytes && offset < size_bytes) note(ranges, offset, size_bytes - offset);
    const std::uint64_t there = file.size();
    if (there > size_bytes) note(ranges, size_bytes, there - size_bytes);
    return text_of(ranges);
}

}  // namespace evidence
