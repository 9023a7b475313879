// The bag declaration, bagit.txt (RFC 8493 section 2.1.1). Private to the room.
//
// Thread rule: plain functions.
#pragma once

#include <string>
#include <string_view>

#include "base/finding.h"
#include "verification/bag_text.h"
#include "verification/bag_version.h"

namespace evidence {

inline constexpr std::string_view bag_declaration_name = "bagit.txt";
inline constexpr std::size_t bag_declaration_max_bytes = 4 * kib;

struct BagDeclaration {
    BagVersion version{0, 97};
    std::string version_text, encoding_name;  // as declared; empty when that cannot be read
    TagEncoding encoding = TagEncoding::utf8;
    bool encoding_is_known = true;
};

// What is wrong is a finding: bag.malformed-declaration, bag.unknown-version, bag.unknown-encoding.
// What cannot be read keeps the value above, so that the rest of the bag can be looked at.
BagDeclaration parse_bag_declaration(std::string_view bytes, Findings& findings);

}  // namespace evidence
