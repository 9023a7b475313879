// Items that come in segments (split raw images, E01): numbered without gaps, one after another,
// and together the medium that the first record describes. Private to the room.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acquisition/ewf_medium.h"
#include "base/json.h"
#include "digest/digest.h"
#include "verification/package_check.h"

namespace evidence {

class SegmentCheck {
public:
    explicit SegmentCheck(PackageCheck& check) : check_(check) {}

    // Before an object is read: its record, or nullptr when it has none. Objects come in order.
    void begin_object(const ZipEntry& entry, const Json* record);
    // To be given the bytes of that object; nullptr when nobody asks for them.
    MultiHasher* medium() { return medium_ ? &*medium_ : nullptr; }
    // After the last object.
    void finish() { finish_item(); }

private:
    void begin_item(const ZipEntry& entry, const Json& record);
    void finish_item();
    void check_ewf_content();
    bool was_taken_in() const;
    void out_of_order(const std::string& message, const std::string& where);

    PackageCheck& check_;
    std::string item_;  // that is going on; empty when none is
    std::uint64_t last_ = 0, segments_ = 0;
    std::uint64_t bytes_ = 0, expected_bytes_ = 0;
    DigestSet expected_digests_;
    std::optional<MultiHasher> medium_;    // of raw segments
    std::vector<EwfExtent> ewf_segments_;  // of an E01 image
    std::string acquisition_name_;         // "acquisition/000001": of its record and map
};

}  // namespace evidence
