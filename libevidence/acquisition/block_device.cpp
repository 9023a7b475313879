#include "acquisition/block_device.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>

#include "acquisition/mount_table.h"
#include "base/error.h"
#include "base/line_reader.h"
#include "base/printable.h"

namespace evidence {
namespace {

constexpr std::size_t max_attribute_bytes = 4096;
constexpr std::size_t max_system_line_bytes = 64 * 1024;

std::string text_of(dev_t number) {
    return std::to_string(major(number)) + ":" + std::to_string(minor(number));
}

// The folder that describes the device: /sys/devices/.../block/sdb/sdb1.
std::optional<fs::path> sysfs_folder(dev_t number) {
    std::error_code failed;
    fs::path folder = fs::canonical(fs::path("/sys/dev/block") / text_of(number), failed);
    if (failed) return std::nullopt;
    return folder;
}

// The trimmed text of a small system file; empty when it is not there or not readable.
std::string attribute(const fs::path& path) {
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return {};
    const File file = File::adopt(fd, path.native());
    std::string text(max_attribute_bytes, '\0');
    const ssize_t count = ::pread(fd, text.data(), text.size(), 0);
    text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    const auto first = text.find_first_not_of(" \t\n");
    if (first == std::string::npos) return {};
    return printable(text.substr(first, text.find_last_not_of(" \t\n\0") + 1 - first));
}

std::string first_attribute(const fs::path& folder, std::initializer_list<const char*> names) {
    for (const char* name : names) {
        std::string text = attribute(folder / name);
        if (!text.empty()) return text;
    }
    return {};
}

std::vector<fs::path> entries_of(const fs::path& folder) {
    std::vector<fs::path> entries;
    std::error_code failed;
    for (fs::directory_iterator each(folder, failed), end; !failed && each != end;
         each.increment(failed)) {
        entries.push_back(each->path());
    }
    std::sort(entries.begin(), entries.end());
    return entries;
}

std::string stable_name(dev_t number) {
    for (const fs::path& link : entries_of("/dev/disk/by-id")) {
        struct stat status {};
        if (::stat(link.c_str(), &status) == 0 && S_ISBLK(status.st_mode) &&
            status.st_rdev == number) {
            return link.filename().native();
        }
    }
    return {};
}

template <typename Value>
std::optional<Value> ask(const File& device, unsigned long request) {
    Value value{};
    if (::ioctl(device.fd(), request, &value) != 0) return std::nullopt;
    return value;
}

std::set<dev_t> with_partitions(dev_t number) {
    std::set<dev_t> all{number};
    if (const auto folder = sysfs_folder(number)) {
        for (const fs::path& entry : entries_of(*folder)) {
            if (!fs::exists(entry / "partition")) continue;
            if (const auto part = parse_device_number(attribute(entry / "dev"))) all.insert(*part);
        }
    }
    return all;
}

template <typename Visit>
void each_line(const char* path, const Visit& visit) {
    std::error_code failed;
    if (!fs::exists(path, failed)) return;
    File file = File::open_read(path);
    LineReader lines([&file](MutableByteView buffer) { return file.read_some(buffer); }, path,
                     max_system_line_bytes);
    while (const auto line = lines.next()) visit(std::string(*line));
}

void add_mounts(const std::set<dev_t>& devices, std::vector<std::string>& uses) {
    visit_mounts([&](const Mount& mount) {
        if (devices.contains(mount.device)) {
            uses.push_back(name_of_device(mount.device) + " is mounted at " +
                           printable(mount.point));
        }
    });
}

void add_swap_areas(const std::set<dev_t>& devices, std::vector<std::string>& uses) {
    each_line("/proc/swaps", [&](const std::string& line) {
        struct stat status {};
        if (::stat(line.substr(0, line.find(' ')).c_str(), &status) == 0 &&
            S_ISBLK(status.st_mode) && devices.contains(status.st_rdev)) {
            uses.push_back(name_of_device(status.st_rdev) + " is a swap area");
        }
    });
}

void add_holders(const std::set<dev_t>& devices, std::vector<std::string>& uses) {
    for (dev_t device : devices) {
        const auto folder = sysfs_folder(device);
        if (!folder) continue;
        for (const fs::path& holder : entries_of(*folder / "holders")) {
            uses.push_back(name_of_device(device) + " is part of " + holder.filename().native());
        }
    }
}

enum class Loops { end_here, look_through };

std::optional<dev_t> block_device_at(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0 || !S_ISBLK(status.st_mode)) return std::nullopt;
    return status.st_rdev;
}

// The device the files of a folder are on. Some file systems number their files by no device of
// their own: btrfs is found by what it was mounted from, an overlay by where its writes go.
std::optional<dev_t> device_under(const fs::path& path) {
    constexpr int most_overlays = 8;
    std::string folder = path.native();
    for (int depth = 0; depth < most_overlays; ++depth) {
        struct stat status {};
        if (::stat(folder.c_str(), &status) != 0) return std::nullopt;
        if (major(status.st_dev) != 0) return status.st_dev;
        std::optional<dev_t> device;
        std::string upper_folder;
        visit_mounts([&](const Mount& mount) {
            if (mount.device != status.st_dev) return;
            if (!device) device = block_device_at(mount.source);
            upper_folder = mount.upper_folder;
        });
        if (device || upper_folder.empty()) return device ? device : status.st_dev;
        folder = upper_folder;
    }
    return std::nullopt;
}

void add_disks(dev_t number, Loops loops, std::set<dev_t>& disks) {
    const auto folder = sysfs_folder(number);
    if (!folder || !disks.insert(number).second) return;
    if (fs::exists(*folder / "partition")) {
        const auto disk = parse_device_number(attribute(folder->parent_path() / "dev"));
        if (disk) add_disks(*disk, loops, disks);
    }
    for (const fs::path& lower : entries_of(*folder / "slaves")) {
        const auto device = parse_device_number(attribute(lower / "dev"));
        if (device) add_disks(*device, loops, disks);
    }
    if (loops == Loops::end_here) return;
    const std::string backing_file = attribute(*folder / "loop/backing_file");
    if (backing_file.empty()) return;
    if (const auto device = device_under(backing_file)) add_disks(*device, loops, disks);
}

}  // namespace

BlockDevice examine_block_device(const File& device, dev_t number) {
    BlockDevice facts;
    facts.number = number;
    const auto size = ask<std::uint64_t>(device, BLKGETSIZE64);
    if (!size) throw_errno("cannot learn the size of", device.name());
    facts.size_by_ioctl = *size;
    const off_t end = ::lseek(device.fd(), 0, SEEK_END);
    if (end < 0) throw_errno("cannot seek to the end of", device.name());
    facts.size_by_seek = static_cast<std::uint64_t>(end);
    facts.logical_sector_bytes = static_cast<unsigned>(ask<int>(device, BLKSSZGET).value_or(0));
    facts.physical_sector_bytes = ask<unsigned>(device, BLKPBSZGET).value_or(0);
    if (const auto flag = ask<int>(device, BLKROGET)) facts.read_only = *flag != 0;
    facts.by_id = stable_name(number);
    if (auto folder = sysfs_folder(number)) {
        if (fs::exists(*folder / "partition")) folder = folder->parent_path();
        facts.model = first_attribute(*folder, {"device/model"});
        facts.serial = first_attribute(*folder, {"device/serial", "serial"});
        facts.wwn = first_attribute(*folder, {"device/wwid", "wwid"});
    }
    return facts;
}

std::vector<std::string> uses_of_device(dev_t number) {
    const std::set<dev_t> devices = with_partitions(number);
    std::vector<std::string> uses;
    add_mounts(devices, uses);
    add_swap_areas(devices, uses);
    add_holders(devices, uses);
    return uses;
}

std::set<dev_t> disks_under_device(dev_t number) {
    std::set<dev_t> disks{number};
    std::set<dev_t> found;
    add_disks(number, Loops::end_here, found);
    disks.merge(found);
    return disks;
}

std::set<dev_t> disks_under_folder(const fs::path& folder) {
    std::set<dev_t> disks;
    if (const auto device = device_under(folder)) add_disks(*device, Loops::look_through, disks);
    return disks;
}

std::string name_of_device(dev_t number) {
    const auto folder = sysfs_folder(number);
    return folder ? folder->filename().native() : text_of(number);
}

}  // namespace evidence
