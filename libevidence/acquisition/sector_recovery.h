// Reads around a bad place, sector by sector and past the page cache, which fails in whole pages:
// every sector that can be read is read, at its own place, and nothing else is touched.
//
// Thread rule: belongs to one thread.
#pragma once

#include <vector>

#include "acquisition/bad_ranges.h"
#include "acquisition/error_policy.h"
#include "acquisition/positioned_reader.h"
#include "base/aligned_buffer.h"
#include "base/context.h"

namespace evidence {

// The device is not there any more, or cannot be asked (EAGAIN: TimedReader got no process): to
// fill the rest of its image with zeros would be no image.
bool is_gone(int error_number);

class SectorRecovery {
public:
    // `reads` and `policy` must outlive it. Sectors are counted from byte 0; `sector_bytes` is a
    // power of two from 512 to 64 KiB.
    SectorRecovery(PositionedReader& reads, unsigned sector_bytes, const ErrorPolicy& policy,
                   const Context& context);

    // Fills the buffer with the bytes from `offset` on, a multiple of the sector size, zeros where
    // a sector stays unreadable; the answer is those sectors, in order. Does not go on behind the
    // first of them when the policy says stop, nor when the device is gone.
    std::vector<BadRange> read(MutableByteView buffer, std::uint64_t offset);

private:
    int try_to_read(MutableByteView part, std::uint64_t offset);
    int read_sector(MutableByteView sector, std::uint64_t offset);
    void read_again_from_the_end(MutableByteView buffer, std::uint64_t offset,
                                 std::vector<BadRange>& failed);

    PositionedReader& reads_;
    std::size_t sector_bytes_;
    const ErrorPolicy& policy_;
    const Context& context_;
    AlignedBuffer memory_;  // as direct reads want it
};

}  // namespace evidence
