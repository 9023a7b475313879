#include "package/package_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

namespace evidence {
namespace {

constexpr std::size_t block_bytes = 8 * mib;  // fewer requests, see object_recorder.cpp

}  // namespace

PackageFile::PackageFile(const fs::path& target) : file_(target), block_(block_bytes) {
    const int flags = ::fcntl(file_.file().fd(), F_GETFL);
    is_direct_ = flags >= 0 && ::fcntl(file_.file().fd(), F_SETFL, flags | O_DIRECT) == 0;
}

void PackageFile::write(ByteView bytes) {
    while (!bytes.empty()) {
        const std::size_t count = std::min(bytes.size(), block_bytes - filled_);
        std::copy_n(bytes.begin(), count, block_.data() + filled_);
        filled_ += count;
        bytes = bytes.subspan(count);
        if (filled_ == block_bytes) flush();
    }
}

void PackageFile::commit() {
    stop_direct_writing();  // what is left is no whole block
    flush();
    file_.commit();
}

void PackageFile::flush() {
    write_block({block_.data(), filled_});
    filled_ = 0;
}

void PackageFile::write_block(ByteView block) {
    if (is_direct_) {
        const ssize_t count = ::write(file_.file().fd(), block.data(), block.size());
        if (count == static_cast<ssize_t>(block.size())) return;
        // A file system without O_DIRECT after all, or one that is full: the plain write goes on
        // where this one stopped, and says what is wrong.
        stop_direct_writing();
        block = block.subspan(static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
    }
    file_.file().write(block);
}

void PackageFile::stop_direct_writing() {
    if (!is_direct_) return;
    const int flags = ::fcntl(file_.file().fd(), F_GETFL);
    ::fcntl(file_.file().fd(), F_SETFL, flags & ~O_DIRECT);
    is_direct_ = false;
}

}  // namespace evidence
