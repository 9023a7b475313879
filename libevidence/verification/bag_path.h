// Paths as they stand in manifests and fetch files of bags, and where they lead (RFC 8493 sections
// 2.1.3 and 5.1). Private to the room.
//
// Thread rule: plain functions.
#pragma once

#include <string>
#include <string_view>

#include "verification/bag_version.h"

namespace evidence {

// `written` with %0A, %0D and %25 replaced, as far as the version has them.
std::string decoded_bag_path(std::string_view written, BagVersion version);

struct BagPath {
    std::string path;        // relative to the base folder, no empty, . or .. part
    std::string_view fault;  // why it leads nowhere inside the bag; empty when it does not
    bool was_normal = true;  // false when empty, . or .. parts were taken out
};

// Decides by the text alone; nothing is looked up in a file system.
BagPath bag_path(std::string_view written, BagVersion version);

bool is_payload_path(std::string_view path);  // "data/..."

}  // namespace evidence
