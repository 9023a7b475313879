#include "verification/piece_check.h"

#include <algorithm>

#include "base/error.h"
#include "base/hex.h"

namespace evidence {
namespace {

constexpr std::size_t max_ranges_named = 20;

}  // namespace

PieceCheck::PieceCheck(const PackageCheck& check, const ZipEntry& object)
    : size_(object.size), name_("pieces/" + object.name.substr(5, 6) + ".txt") {
    if (const ZipEntry* listed = check.structure.find(name_)) {
        lines_.emplace(
            LineReader::of_file(check.file, listed->data_offset(), listed->size, name_, 64));
    }
}

void PieceCheck::add(const Sha256& piece) {
    const std::uint64_t index = count_++;
    if (!lines_ || list_broken_) return;
    const auto line = next_line();
    if (!line || !is_hex(*line, 64))
        list_broken_ = true;
    else if (*line != to_hex(piece))
        note_damage(index);
}

void PieceCheck::finish(Findings& findings) {
    if (!lines_) return;
    const bool ends = !list_broken_ && !next_line();
    if (list_broken_ || !ends || lines_->ended_without_newline()) {
        findings.add("pieces.malformed", Layer::structure, Weight::failed,
                     "not one digest per 1 MiB piece", name_);
    }
}

std::string PieceCheck::damaged_ranges() const {
    std::string text;
    for (const auto& [first, last] : ranges_) {
        if (!text.empty()) text += ", ";
        text += std::to_string(first * piece_bytes) + "-" +
                std::to_string(std::min((last + 1) * piece_bytes, size_) - 1);
    }
    if (more_ranges_) text += ", and more";
    return text;
}

std::optional<std::string_view> PieceCheck::next_line() {
    try {
        return lines_->next();
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        list_broken_ = true;  // a line longer than a digest
        return std::nullopt;
    }
}

void PieceCheck::note_damage(std::uint64_t index) {
    if (!ranges_.empty() && ranges_.back().second + 1 == index) {
        ranges_.back().second = index;
    } else if (ranges_.size() < max_ranges_named) {
        ranges_.emplace_back(index, index);
    } else {
        more_ranges_ = true;
    }
}

bool text_is(const Json& record, std::string_view key, const std::string& value) {
    const Json* member = record.find(key);
    return member && member->is_string() && member->string() == value;
}

bool check_piece_list(PackageCheck& check, const ZipEntry& entry, const Json& record,
                      const Sha256& pieces_root, PieceCheck& pieces) {
    const bool wanted = entry.size > piece_bytes;
    if (pieces.is_listed() != wanted) {
        check.fail(wanted ? "pieces.missing" : "pieces.unexpected", Layer::structure,
                   "a list of piece digests is there exactly for objects over 1 MiB",
                   pieces.name());
    }
    pieces.finish(check.findings());
    const bool root_fits = wanted ? text_is(record, "pieces_root", to_hex(pieces_root))
                                  : record.find("pieces_root") == nullptr;
    if (!root_fits) {
        check.fail("content.pieces-root-mismatch", Layer::content,
                   "pieces_root of the record is not that of the object", entry.name);
    }
    return root_fits;
}

std::string words_of_damage(const PieceCheck& pieces) {
    const std::string ranges = pieces.damaged_ranges();
    const std::string words = "the bytes are not those that were sealed";
    return ranges.empty() ? words : words + "; damaged: " + ranges;
}

}  // namespace evidence
