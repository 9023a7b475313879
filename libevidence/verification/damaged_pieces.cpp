#include "verification/damaged_pieces.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "base/line_reader.h"
#include "digest/pieces.h"

namespace evidence {
namespace {

constexpr std::size_t digest_digits = 64, max_ranges_named = 20;

LineReader lines_of(const File& list) {
    return LineReader::of_file(list, 0, list.size(), list.name(), digest_digits);
}

bool has_root(const File& list, const Sha256& root) try {
    MerkleTree tree;
    LineReader lines = lines_of(list);
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

std::string damaged_ranges(const fs::path& object, const fs::path& pieces,
                           const AcquiredPieces& acquired, const Context& context) {
    if (!path_exists(pieces)) return {};
    const File list = File::open_regular(pieces), file = File::open_regular(object);
    if (!has_root(list, acquired.root)) return {};
    std::vector<Range> ranges;
    Bytes buffer(piece_bytes);
    LineReader lines = lines_of(list);
    for (std::uint64_t offset = 0; offset < acquired.size_bytes; offset += piece_bytes) {
        context.check_interrupted();
        const auto line = lines.next();
        if (!line) return {};  // fewer than the record's own size needs
        const std::uint64_t size = std::min(piece_bytes, acquired.size_bytes - offset);
        const MutableByteView piece(buffer.data(), static_cast<std::size_t>(size));
        const std::size_t count = file.read_at(piece, offset);
        if (to_hex(sha256(piece.first(count))) != *line) note(ranges, offset, size);
    }
    const std::uint64_t found = file.size();
    if (found > acquired.size_bytes) {
        note(ranges, acquired.size_bytes, found - acquired.size_bytes);
    }
    return text_of(ranges);
}

}  // namespace evidence
