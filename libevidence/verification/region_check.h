// Regions of objects against the piece digests that were sealed with the whole
// (evidence-package(5), "Disclosure"). Private to the room.
//
// Thread rule: one thread at a time per package.
#pragma once

#include <optional>
#include <string>

#include "verification/package_check.h"

namespace evidence {

// A record, and where its object stands.
struct PlacedRecord {
    std::string record;  // canonical
    std::string prefix;  // of the container: "" or "origin/"
    std::string object;  // "data/000001.img"
};

// Regions come in the order of the records: those of one object one after the other, each behind
// the one before, so that every list is read once whole and each of its lines once more.
class RegionCheck {
public:
    explicit RegionCheck(const PackageCheck& check) : check_(check) {}

    // Adds disclosure.piece-differs when the region does not consist of whole pieces of `whole`
    // behind the last region of it, or their digests are not those in its list.
    void add(const PlacedRecord& region, const PlacedRecord& whole);

private:
    // What is wrong; nullptr when nothing is.
    const char* difference(const PlacedRecord& region, const PlacedRecord& whole);
    void begin(const std::string& list);
    bool are_lines_equal(const PlacedRecord& region, std::uint64_t first,
                         std::uint64_t count) const;

    const PackageCheck& check_;
    std::string list_;             // of the object at hand
    std::optional<Sha256> root_;   // of its pieces, when it is a list
    std::uint64_t end_bytes_ = 0;  // of the last region
};

}  // namespace evidence
