#include "acquisition/zero_scan.h"

#include <algorithm>

namespace evidence {
namespace {

constexpr std::size_t sector_bytes = 512;

}  // namespace

void ZeroScan::add(ByteView bytes, bool known_zero) {
    if (known_zero) return add_sectors(bytes.size(), true);
    while (!bytes.empty()) {
        const std::size_t size = std::min(bytes.size(), sector_bytes);
        add_sectors(size, all_zero(bytes.first(size)));
        bytes = bytes.subspan(size);
    }
}

void ZeroScan::add_sectors(std::uint64_t size_bytes, bool zero) {
    if (!zero) {
        run_bytes_ = 0;
        return;
    }
    if (run_bytes_ == 0) ++report_.runs;
    run_bytes_ += size_bytes;
    report_.zero_bytes += size_bytes;
    report_.longest_bytes = std::max(report_.longest_bytes, run_bytes_);
}

}  // namespace evidence
