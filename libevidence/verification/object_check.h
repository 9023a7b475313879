// One payload object against its record: digests, CRC, pieces, and for a captured tree every entry.
// Private to the room.
#pragma once

#include "verification/record_stream.h"
#include "verification/segment_check.h"

namespace evidence {

// Reads the object once. `record` is its item record, or nullptr when there is none; a tree's entry
// records are taken from `records`. `segments` learns of the object, and is given its bytes if it
// wants them.
VerifiedObject check_object(PackageCheck& check, const ZipEntry& entry, const Json* record,
                            RecordStream& records, SegmentCheck& segments);

}  // namespace evidence
