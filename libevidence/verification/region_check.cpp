#include "verification/region_check.h"

#include "base/error.h"
#include "base/hex.h"
#include "base/line_reader.h"
#include "digest/merkle_tree.h"
#include "digest/pieces.h"

namespace evidence {
namespace {

constexpr std::size_t digest_digits = 64;
constexpr std::uint64_t line_bytes = digest_digits + 1;

std::string list_name(const PlacedRecord& placed) {
    constexpr std::size_t number_at = 5, digits = 6;  // "data/000001.img"
    if (placed.object.size() < number_at + digits) return {};
    return placed.prefix + "pieces/" + placed.object.substr(number_at, digits) + ".txt";
}

}  // namespace

// The root over a list, nullopt unless every line is a digest.
void RegionCheck::begin(const std::string& list) {
    list_ = list;
    root_.reset();
    end_bytes_ = 0;
    const ZipEntry* entry = check_.structure.find(list);
    if (!entry || entry->size % line_bytes != 0) return;
    LineReader lines = LineReader::of_file(check_.file, entry->data_offset(), entry->size,
                                           entry->name, digest_digits);
    MerkleTree tree;
    while (const auto line = lines.next()) {
        const std::optional<Bytes> digest = from_hex(*line);
        if (!digest || line->size() != digest_digits) return;
        tree.add_leaf(merkle_leaf(*digest));
    }
    root_ = tree.root();
}

// Line by line, the region's own list against the lines of the whole from `first` on. A region of
// one piece has no list: its digest is the piece's.
bool RegionCheck::are_lines_equal(const PlacedRecord& region, std::uint64_t first,
                                  std::uint64_t count) const {
    const ZipEntry& whole = *check_.structure.find(list_);
    if ((first + count) * line_bytes > whole.size) return false;
    LineReader sealed = LineReader::of_file(check_.file, whole.data_offset() + first * line_bytes,
                                            count * line_bytes, whole.name, digest_digits);
    if (count == 1) {
        const Json record = parse_canonical(region.record, "record");
        return sealed.next() == record.at("digests").at("sha256").string();
    }
    const ZipEntry* own = check_.structure.find(list_name(region));
    if (!own || own->size != count * line_bytes) return false;
    LineReader found =
        LineReader::of_file(check_.file, own->data_offset(), own->size, own->name, digest_digits);
    while (const auto line = sealed.next()) {
        if (found.next() != line) return false;
    }
    return true;
}

const char* RegionCheck::difference(const PlacedRecord& placed_region,
                                    const PlacedRecord& placed_whole) {
    const Json region = parse_canonical(placed_region.record, "record");
    const Json whole = parse_canonical(placed_whole.record, "record");
    const std::uint64_t offset = region.at("offset_bytes").size();
    const std::uint64_t size = region.at("size_bytes").size();
    const std::uint64_t whole_size = whole.at("size_bytes").size();
    const std::uint64_t end = offset + size;
    if (size == 0 || end > whole_size || (end != whole_size && end % piece_bytes != 0)) {
        return "the region does not consist of whole pieces";
    }
    if (const std::string list = list_name(placed_whole); list != list_) begin(list);
    if (offset < end_bytes_) return "the region is not behind the one before";
    end_bytes_ = end;
    const Json* root = whole.find("pieces_root");
    if (!root_ || !root || to_hex(*root_) != root->string()) {
        return "the list of pieces is not the one that was sealed";
    }
    const std::uint64_t count = (size + piece_bytes - 1) / piece_bytes;
    return are_lines_equal(placed_region, offset / piece_bytes, count)
               ? nullptr
               : "the pieces of the region are not those that were sealed";
}

void RegionCheck::add(const PlacedRecord& region, const PlacedRecord& whole) try {
    if (const char* wrong = difference(region, whole)) {
        check_.fail("disclosure.piece-differs", Layer::content, wrong, list_name(whole));
    }
} catch (const Error& error) {
    if (error.kind() != ErrorKind::malformed) throw;
    check_.fail("disclosure.piece-differs", Layer::content, error.message(), list_name(whole));
}

}  // namespace evidence
