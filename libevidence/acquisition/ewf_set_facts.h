// What an Expert Witness (E01) set, given as ranges of open files, says of its medium; whether its
// segments are whole and belong together. Read without libewf.
//
// Thread rule: independent calls may run in parallel.
#pragma once

#include <span>

#include "acquisition/ewf_section_chain.h"
#include "acquisition/ewf_sections.h"
#include "digest/digest.h"

namespace evidence {

struct EwfSetFacts {
    EwfVolume volume;
    DigestSet digests;  // md5 and sha1, where stored
};

// Error(malformed) for segments that are not 1, 2 .. to the last of one set, or contradict each
// other; Error(unsupported) for the formats before EnCase 1 ("EWF", SMART).
EwfSetFacts read_ewf_set_facts(std::span<const EwfExtent> segments);

}  // namespace evidence
