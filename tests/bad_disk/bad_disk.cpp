// A file system with one file, `disk`, that cannot be read everywhere. A loop device over it is a
// real disk with real bad sectors.
//
//   bad_disk IMAGE RANGES MOUNTPOINT [-f]
//
// IMAGE is what the disk holds. RANGES is a text file of lines "OFFSET SIZE WHAT": a read that
// touches the range fails with EIO (WHAT is eio), never comes back (hang), fails the first time
// only (once), fails unless the range was reached from its end (backwards: each sector can be read
// once the one behind it was asked for), or is answered short (short).
#define FUSE_USE_VERSION 31
#include <fcntl.h>
#include <fuse.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace {

struct Range {
    std::uint64_t offset, size;
    std::string what;
    bool touches(std::uint64_t from, std::uint64_t to) const {
        return from < offset + size && offset < to;
    }
};

int image = -1;
std::vector<Range> ranges;
std::mutex mutex;
std::map<std::uint64_t, int> times_asked;  // by offset of the read
std::uint64_t last_asked = 0;

int get_attributes(const char* path, struct stat* status, fuse_file_info*) {
    std::memset(status, 0, sizeof *status);
    if (std::string(path) == "/") {
        status->st_mode = S_IFDIR | 0755;
        status->st_nlink = 2;
        return 0;
    }
    if (std::string(path) != "/disk") return -ENOENT;
    struct stat original {};
    if (::fstat(image, &original) != 0) return -errno;
    status->st_mode = S_IFREG | 0644;
    status->st_nlink = 1;
    status->st_size = original.st_size;
    status->st_blocks = (original.st_size + 511) / 512;
    status->st_mtim = original.st_mtim;
    status->st_ctim = original.st_ctim;
    return 0;
}

int list(const char*, void* buffer, fuse_fill_dir_t fill, off_t, fuse_file_info*,
         fuse_readdir_flags) {
    fill(buffer, "disk", nullptr, 0, static_cast<fuse_fill_dir_flags>(0));
    return 0;
}

int open_disk(const char*, fuse_file_info* info) {
    info->direct_io = 1;  // every read of a sector comes here as it is
    return 0;
}

// 0, or what this read fails with.
int failure_of(std::uint64_t from, std::uint64_t to) {
    const std::lock_guard lock(mutex);
    const int times = times_asked[from]++;
    const bool goes_backwards = from < last_asked;
    last_asked = from;
    for (const Range& range : ranges) {
        if (!range.touches(from, to)) continue;
        if (range.what == "once" && times > 0) continue;
        if (range.what == "backwards" && goes_backwards) continue;
        return range.what == "hang" ? -1 : EIO;
    }
    return 0;
}

int read_disk(const char*, char* buffer, size_t size, off_t offset, fuse_file_info*) {
    const auto from = static_cast<std::uint64_t>(offset);
    const int failure = failure_of(from, from + size);
    if (failure == -1) {
        for (;;) ::pause();  // until the file system is killed
    }
    if (failure != 0) return -failure;
    const ssize_t count = ::pread(image, buffer, size, offset);
    return count < 0 ? -errno : static_cast<int>(count);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) return 2;
    image = ::open(argv[1], O_RDONLY | O_CLOEXEC);
    if (image < 0) return 1;
    std::ifstream lines(argv[2]);
    Range range;
    while (lines >> range.offset >> range.size >> range.what) ranges.push_back(range);
    fuse_operations operations{};
    operations.getattr = get_attributes;
    operations.readdir = list;
    operations.open = open_disk;
    operations.read = read_disk;
    std::vector<char*> arguments{argv[0]};
    arguments.insert(arguments.end(), argv + 3, argv + argc);
    return fuse_main(static_cast<int>(arguments.size()), arguments.data(), &operations, nullptr);
}
