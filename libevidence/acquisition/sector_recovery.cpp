#include "acquisition/sector_recovery.h"

#include <algorithm>
#include <cerrno>

namespace evidence {
namespace {

constexpr std::size_t largest_run_bytes = 64 * kib;

}  // namespace

bool is_gone(int error_number) {
    return error_number == ENODEV || error_number == ENXIO || error_number == ENOMEDIUM ||
           error_number == EAGAIN;
}

SectorRecovery::SectorRecovery(PositionedReader& reads, unsigned sector_bytes,
                               const ErrorPolicy& policy, const Context& context)
    : reads_(reads),
      sector_bytes_(sector_bytes),
      policy_(policy),
      context_(context),
      memory_(largest_run_bytes) {}

// 0 when all of it was read; else the error, and the part is as it was.
int SectorRecovery::try_to_read(MutableByteView part, std::uint64_t offset) {
    // The last sector of a file may be short; direct reads ask for whole ones.
    const std::size_t whole = (part.size() + sector_bytes_ - 1) / sector_bytes_ * sector_bytes_;
    std::size_t done = 0;
    while (done < part.size()) {
        const ssize_t count = reads_.read_at({memory_.data() + done, whole - done}, offset + done);
        if (count < 0) return static_cast<int>(-count);
        if (count == 0) return EIO;  // it ends before its own size
        done += static_cast<std::size_t>(count);
    }
    std::copy_n(memory_.data(), part.size(), part.begin());
    return 0;
}

int SectorRecovery::read_sector(MutableByteView sector, std::uint64_t offset) {
    int error_number = 0;
    for (unsigned attempt = 0; attempt <= policy_.retries; ++attempt) {
        context_.check_interrupted();
        error_number = try_to_read(sector, offset);
        if (error_number == 0 || is_gone(error_number)) break;
    }
    return error_number;
}

// One sector at a time while sectors fail; in longer and longer runs behind those that do not, so
// that little time is lost on the readable rest.
std::vector<BadRange> SectorRecovery::read(MutableByteView buffer, std::uint64_t offset) {
    std::vector<BadRange> failed;
    std::size_t at = 0, run = sector_bytes_;
    while (at < buffer.size()) {
        const MutableByteView part = buffer.subspan(at, std::min(run, buffer.size() - at));
        const bool is_single = part.size() <= sector_bytes_;
        const int error_number =
            is_single ? read_sector(part, offset + at) : try_to_read(part, offset + at);
        if (error_number == 0) {
            at += part.size();
            run = std::min(run * 2, largest_run_bytes);
            continue;
        }
        run = sector_bytes_;
        if (!is_single) continue;
        std::fill(part.begin(), part.end(), std::uint8_t{0});
        failed.push_back({offset + at, part.size(), error_number});
        at += part.size();
        if (is_gone(error_number) || (policy_.on_error == OnError::stop && !policy_.reverse)) {
            return failed;
        }
    }
    if (policy_.reverse) read_again_from_the_end(buffer, offset, failed);
    return failed;
}

void SectorRecovery::read_again_from_the_end(MutableByteView buffer, std::uint64_t offset,
                                             std::vector<BadRange>& failed) {
    for (auto sector = failed.rbegin(); sector != failed.rend(); ++sector) {
        const MutableByteView part =
            buffer.subspan(static_cast<std::size_t>(sector->offset_bytes - offset),
                           static_cast<std::size_t>(sector->size_bytes));
        if (read_sector(part, sector->offset_bytes) == 0) sector->size_bytes = 0;
    }
    std::erase_if(failed, [](const BadRange& sector) { return sector.size_bytes == 0; });
}

}  // namespace evidence
