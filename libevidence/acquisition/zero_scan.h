// How much of an object is zeros, and where: a matching hash does not show that a drive returned
// anything at all, a run of zeros over most of it does.
#pragma once

#include "base/bytes.h"

namespace evidence {

// Counted in whole 512-byte sectors (the last one may be shorter).
struct ZeroReport {
    std::uint64_t zero_bytes = 0;
    std::uint64_t runs = 0;
    std::uint64_t longest_bytes = 0;
};

class ZeroScan {
public:
    // Consecutive bytes; every part but the last a multiple of 512 bytes long. `known_zero` saves
    // a second look.
    void add(ByteView bytes, bool known_zero);
    ZeroReport report() const { return report_; }

private:
    void add_sectors(std::uint64_t size_bytes, bool zero);

    ZeroReport report_;
    std::uint64_t run_bytes_ = 0;
};

}  // namespace evidence
