#include "acquisition/content_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>

namespace evidence {
namespace {

constexpr std::uint64_t no_end = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t block_unit_bytes = 512;  // of st_blocks

bool is_sparse(const struct stat& status) {
    return S_ISREG(status.st_mode) &&
           static_cast<std::uint64_t>(status.st_blocks) * block_unit_bytes <
               static_cast<std::uint64_t>(status.st_size);
}

}  // namespace

ContentReader::ContentReader(const File& file, const struct stat& status, PositionedReader* reads)
    : file_(file),
      own_reads_(file),
      reads_(reads ? *reads : own_reads_),
      size_bytes_(static_cast<std::uint64_t>(status.st_size)) {
    if (!is_sparse(status)) data_end_ = no_end;
    ::posix_fadvise(file_.fd(), 0, 0, POSIX_FADV_SEQUENTIAL);
}

ContentReader::Result ContentReader::read(MutableByteView buffer) {
    std::size_t done = 0;
    while (done < buffer.size()) {
        if (position_ >= data_end_) find_data();
        const MutableByteView rest = buffer.subspan(done);
        if (position_ < data_begin_) {
            const auto count = static_cast<std::size_t>(
                std::min<std::uint64_t>(rest.size(), data_begin_ - position_));
            std::fill_n(rest.begin(), count, std::uint8_t{0});
            done += count;
            position_ += count;
            continue;
        }
        const auto wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(rest.size(), data_end_ - position_));
        const ssize_t count = reads_.read_at(rest.first(wanted), position_);
        if (count < 0) return {done, static_cast<int>(-count)};
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
        position_ += static_cast<std::uint64_t>(count);
    }
    return {done, 0};
}

void ContentReader::find_data() {
    const auto from = static_cast<off_t>(position_);
    const off_t data = ::lseek(file_.fd(), from, SEEK_DATA);
    if (data >= 0) {
        const off_t hole = ::lseek(file_.fd(), data, SEEK_HOLE);
        data_begin_ = static_cast<std::uint64_t>(data);
        data_end_ = hole > data ? static_cast<std::uint64_t>(hole) : no_end;
    } else if (errno == ENXIO && position_ < size_bytes_) {
        data_begin_ = size_bytes_;  // a hole up to the end; what was added since is read
        data_end_ = no_end;
    } else {
        data_begin_ = position_;
        data_end_ = no_end;
    }
}

}  // namespace evidence
