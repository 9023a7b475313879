#include "acquisition/drill_device.h"

#include <algorithm>

namespace evidence {

ssize_t DrillDevice::read_at(MutableByteView buffer, std::uint64_t offset) {
    const std::uint64_t end = offset + buffer.size();
    const auto is_touched = [offset, end](const BadRange& range) {
        return range.offset_bytes < end && offset < range.end();
    };
    if (end > calls_at && on_call) on_call();
    for (auto range = bad_for_once.begin(); range != bad_for_once.end(); ++range) {
        if (!is_touched(*range)) continue;
        const int error_number = range->error_number;
        bad_for_once.erase(range);
        return -error_number;
    }
    const auto range = std::find_if(bad.begin(), bad.end(), is_touched);
    if (range != bad.end()) return -range->error_number;
    if (offset >= ends_at) return 0;
    const auto count = static_cast<std::size_t>(
        std::min<std::uint64_t>({buffer.size(), longest_answer, ends_at - offset}));
    return reads_.read_at(buffer.first(count), offset);
}

}  // namespace evidence
