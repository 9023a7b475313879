// What the system knows about a block device: sizes, sectors, names that stay the same, who uses
// it and on which disks a folder lies. From ioctls, sysfs and /proc/self/mountinfo; nothing here
// writes to a device or opens it for writing.
#pragma once

#include <sys/types.h>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/file.h"

namespace evidence {

struct BlockDevice {
    dev_t number = 0;
    std::uint64_t size_by_ioctl = 0;  // BLKGETSIZE64
    std::uint64_t size_by_seek = 0;
    unsigned logical_sector_bytes = 0, physical_sector_bytes = 0;  // 0: unknown
    std::optional<bool> read_only;                                 // BLKROGET
    std::string by_id, model, serial, wwn;                         // empty: none known
};

// `device` is open for reading.
BlockDevice examine_block_device(const File& device, dev_t number);

// Mount points, swap areas and device-mapper or RAID volumes that use the device or a partition
// of it, in words; empty when nothing does.
std::vector<std::string> uses_of_device(dev_t number);

// The device, the disk it is a partition of, and what it is stacked on (device-mapper, RAID).
std::set<dev_t> disks_under_device(dev_t number);
// The same for what holds a folder, through loop devices as well; empty when that is no block
// device (network, memory).
std::set<dev_t> disks_under_folder(const fs::path& folder);

std::string name_of_device(dev_t number);  // "sdb1", else "8:17"

}  // namespace evidence
