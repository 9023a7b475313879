// The list of piece digests beside an object of a package, and where it says the object is damaged.
// Private to the room.
//
// Thread rule: plain functions and values.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/line_reader.h"
#include "digest/pieces.h"
#include "verification/package_check.h"

namespace evidence {

// Compares piece digests, as they are computed, with the lines of pieces/NNNNNN.txt.
class PieceCheck {
public:
    PieceCheck(const PackageCheck& check, const ZipEntry& object);

    bool is_listed() const { return lines_.has_value(); }
    const std::string& name() const { return name_; }

    void add(const Sha256& piece);
    // After the last piece: whether the list as such is in its form.
    void finish(Findings& findings);
    // Of bytes, "0-1048575, 3145728-4194303"; empty when every piece is as listed.
    std::string damaged_ranges() const;

private:
    std::optional<std::string_view> next_line();
    void note_damage(std::uint64_t index);

    std::uint64_t size_;
    std::string name_;
    std::optional<LineReader> lines_;
    std::uint64_t count_ = 0;
    bool list_broken_ = false;
    bool more_ranges_ = false;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges_;  // of pieces, inclusive
};

// The list stands beside an object exactly when it is larger than a piece, is in its form, and the
// record names the root over the pieces. False when the record does not.
bool check_piece_list(PackageCheck& check, const ZipEntry& entry, const Json& record,
                      const Sha256& pieces_root, PieceCheck& pieces);

// What the object is, when it is not what was sealed: with the damaged ranges, where known.
std::string words_of_damage(const PieceCheck& pieces);

bool text_is(const Json& record, std::string_view key, const std::string& value);

}  // namespace evidence
