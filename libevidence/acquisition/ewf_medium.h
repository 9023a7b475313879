// The content of the medium in an Expert Witness (E01) set, from its first byte to its last, for
// verification: read without libewf, which wrote the set, out of ranges of open files (a segment
// may be a stored entry of a package), and unpacked on all processors.
//
// It reads what EnCase 1 to 7, linen, FTK Imager and libewf write as E01. Every chunk is checked:
// no byte is handed out that its checksum was not right for.
//
// Thread rule: belongs to one thread; has workers of its own. The files may be read by others.
#pragma once

#include <memory>
#include <vector>

#include "acquisition/ewf_section_chain.h"
#include "digest/digest.h"

namespace evidence {

class EwfMediumReader {
public:
    // All segments of the set, in order. Error(malformed), Error(unsupported): see
    // ewf_set_facts.h. `workers` besides the calling thread, 0: one for each processor but the
    // first. Needs about 20 MiB, more only for chunks over 8 MiB.
    explicit EwfMediumReader(std::vector<EwfExtent> segments, unsigned workers = 0);
    ~EwfMediumReader();
    EwfMediumReader(const EwfMediumReader&) = delete;
    EwfMediumReader& operator=(const EwfMediumReader&) = delete;

    std::uint64_t media_bytes() const;
    unsigned sector_bytes() const;
    const DigestSet& stored_digests() const;  // md5 and sha1, where stored

    // A BroadcastReader: the next bytes of the medium, fewer than asked for only at its end.
    // Error(malformed) for a damaged table, and with the position in the medium for a chunk that is
    // damaged or missing; chunks behind the end of the medium are malformed too. Once it has
    // thrown it does so again.
    std::size_t read(MutableByteView buffer);

private:
    class State;
    std::unique_ptr<State> state_;
};

}  // namespace evidence
