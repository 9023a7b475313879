#include "acquisition/object_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/error.h"

namespace evidence {
namespace {

constexpr std::size_t page_bytes = 4096;

bool set_direct(const File& file) {
    const int flags = ::fcntl(file.fd(), F_GETFL);
    return flags >= 0 && ::fcntl(file.fd(), F_SETFL, flags | O_DIRECT) == 0;
}

}  // namespace

std::size_t ObjectLayout::segment_at(std::uint64_t offset) const {
    return segment_bytes ? static_cast<std::size_t>(offset / *segment_bytes) : 0;
}

std::uint64_t ObjectLayout::segment_start(std::size_t number) const {
    return segment_bytes ? number * *segment_bytes : 0;
}

std::string ObjectLayout::file_name(std::size_t segment) const {
    return segment_bytes ? segment_file_name(kind, segment) : std::string(object_file_name(kind));
}

std::size_t ObjectLayout::segments_of(std::uint64_t size_bytes) const {
    if (!segment_bytes || size_bytes == 0) return 1;
    return static_cast<std::size_t>((size_bytes - 1) / *segment_bytes) + 1;
}

std::uint64_t ObjectLayout::segment_size(std::size_t number, std::uint64_t size_bytes) const {
    const std::uint64_t rest = size_bytes - segment_start(number);
    return segment_bytes ? std::min(rest, *segment_bytes) : rest;
}

DirectReader::DirectReader(fs::path folder, ObjectLayout layout)
    : folder_(std::move(folder)), layout_(layout) {}

fs::path DirectReader::path_at(std::uint64_t offset) const {
    return folder_ / layout_.file_name(layout_.segment_at(offset));
}

std::size_t DirectReader::read(MutableByteView buffer, std::size_t wanted, std::uint64_t offset) {
    std::size_t done = 0;
    while (done < wanted) {
        const std::size_t segment = layout_.segment_at(offset + done);
        const std::uint64_t segment_end =
            layout_.segment_bytes ? layout_.segment_start(segment + 1) : UINT64_MAX;
        const auto part = static_cast<std::size_t>(
            std::min<std::uint64_t>(wanted - done, segment_end - (offset + done)));
        const std::size_t got = read_segment(buffer.subspan(done), part, offset + done);
        done += got;
        if (got < part) break;
    }
    return done;
}

// A file is opened for every step of some MiB: there may be more of them than descriptors.
std::size_t DirectReader::read_segment(MutableByteView buffer, std::size_t wanted,
                                       std::uint64_t offset) {
    const File file = File::open_regular(path_at(offset));
    const std::uint64_t position = offset - layout_.segment_start(layout_.segment_at(offset));
    // Direct reading asks for whole pages.
    const std::size_t pages = (wanted + page_bytes - 1) / page_bytes * page_bytes;
    while (direct_ && set_direct(file)) {
        const ssize_t count =
            ::pread(file.fd(), buffer.data(), pages, static_cast<off_t>(position));
        if (count < 0 && errno == EINTR) continue;
        if (count >= 0 && static_cast<std::size_t>(count) >= wanted) return wanted;
        if (count < 0 && errno != EINVAL) throw_errno("cannot read back", file.name());
        break;  // this file system took the flag but not the read
    }
    if (direct_) {
        direct_ = false;
        return read_segment(buffer, wanted, offset);
    }
    return file.read_at(buffer.first(wanted), position);
}

}  // namespace evidence
