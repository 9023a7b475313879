#include "acquisition/positioned_reader.h"

#include <unistd.h>

#include <cerrno>

namespace evidence {

ssize_t FileReader::read_at(MutableByteView buffer, std::uint64_t offset) {
    for (;;) {
        const ssize_t count =
            ::pread(file_.fd(), buffer.data(), buffer.size(), static_cast<off_t>(offset));
        if (count >= 0) return count;
        if (errno != EINTR) return -errno;
    }
}

ssize_t ReaderWithFallback::read_at(MutableByteView buffer, std::uint64_t offset) {
    const ssize_t count = first_.read_at(buffer, offset);
    return count == -EINVAL ? second_.read_at(buffer, offset) : count;
}

}  // namespace evidence
