// A region of an object against the piece digests that were sealed with the whole
// (evidence-package(5), "Disclosure"). Private to the room.
//
// Thread rule: one thread at a time per package.
#pragma once

#include <string>

#include "verification/package_check.h"

namespace evidence {

// A record, and where its object stands.
struct PlacedRecord {
    std::string record;  // canonical
    std::string prefix;  // of the container: "" or "origin/"
    std::string object;  // "data/000001.img"
};

// Adds disclosure.piece-differs when the region does not consist of whole pieces of `whole`, or
// their digests are not those in its list.
void check_region(const PackageCheck& check, const PlacedRecord& region, const PlacedRecord& whole);

}  // namespace evidence
