#include "verification/region_check.h"

#include <vector>

#include "base/error.h"
#include "base/hex.h"
#include "base/line_reader.h"
#include "digest/merkle_tree.h"
#include "digest/pieces.h"

namespace evidence {
namespace {

constexpr std::size_t piece_line_max_bytes = 64;

std::string list_name(const PlacedRecord& placed) {
    constexpr std::size_t number_at = 5, digits = 6;  // "data/000001.img"
    if (placed.object.size() < number_at + digits) return {};
    return placed.prefix + "pieces/" + placed.object.substr(number_at, digits) + ".txt";
}

// Calls visit(line, number from 0); false when there is no such list.
template <typename Visitor>
bool visit_list(const PackageCheck& check, const PlacedRecord& placed, const Visitor& visit) {
    const ZipEntry* entry = check.structure.find(list_name(placed));
    if (!entry) return false;
    LineReader lines = LineReader::of_file(check.file, entry->data_offset(), entry->size,
                                           entry->name, piece_line_max_bytes);
    while (const auto line = lines.next()) visit(*line, lines.line_number() - 1);
    return true;
}

using Digests = std::vector<std::string>;

// What is wrong; nullptr when nothing is.
const char* difference(const PackageCheck& check, const PlacedRecord& placed_region,
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
    const std::uint64_t first = offset / piece_bytes;
    const std::uint64_t count = (size + piece_bytes - 1) / piece_bytes;
    MerkleTree tree;
    Digests sealed, found;
    const bool has_list =
        visit_list(check, placed_whole, [&](std::string_view line, std::uint64_t number) {
            tree.add_leaf(merkle_leaf(from_hex(line).value_or(Bytes())));
            if (number >= first && number - first < count) sealed.emplace_back(line);
        });
    const Json* root = whole.find("pieces_root");
    if (!has_list || !root || to_hex(tree.root()) != root->string()) {
        return "the list of pieces is not the one that was sealed";
    }
    if (count == 1) {
        found.push_back(region.at("digests").at("sha256").string());
    } else {
        visit_list(check, placed_region,
                   [&](std::string_view line, std::uint64_t) { found.emplace_back(line); });
    }
    return sealed.size() == count && sealed == found
               ? nullptr
               : "the pieces of the region are not those that were sealed";
}

}  // namespace

void check_region(const PackageCheck& check, const PlacedRecord& region,
                  const PlacedRecord& whole) try {
    if (const char* wrong = difference(check, region, whole)) {
        check.fail("disclosure.piece-differs", Layer::content, wrong, list_name(whole));
    }
} catch (const Error& error) {
    if (error.kind() != ErrorKind::malformed) throw;
    check.fail("disclosure.piece-differs", Layer::content, error.message(), list_name(whole));
}

}  // namespace evidence
