// The versions of BagIt and what differs between them: RFC 8493 (1.0) and the drafts 0.93 to 0.97
// (draft-kunze-bagit-00 to -14) whose bags archives still hold. Private to the room.
//
// Thread rule: plain values.
#pragma once

#include <compare>
#include <string>

namespace evidence {

struct BagVersion {
    unsigned major = 0, minor = 0;
    auto operator<=>(const BagVersion&) const = default;

    std::string text() const { return std::to_string(major) + "." + std::to_string(minor); }

    bool was_published() const {
        return *this == BagVersion{1, 0} || (major == 0 && minor >= 93 && minor <= 97);
    }
    // Of 1.0: each payload manifest lists each payload file exactly once, each tag manifest each
    // payload manifest and no tag manifest; the white space in tag files is fixed; tag files in
    // UTF-8 have no byte order mark. Before, one manifest per payload file was enough.
    bool is_strict() const { return major >= 1; }
    // %0A and %0D in names stand for line ends since a revision of 0.97, %25 for % since 1.0.
    bool encodes_line_ends() const { return *this >= BagVersion{0, 97}; }
    bool encodes_percent() const { return major >= 1; }
};

}  // namespace evidence
