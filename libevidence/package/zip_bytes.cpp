#include "package/zip_bytes.h"

#include <algorithm>

namespace evidence {
namespace {

constexpr std::size_t buffer_bytes = 64 * kib;

}  // namespace

std::uint64_t load(std::string_view bytes, std::size_t at, std::size_t width) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i) {
        value |= std::uint64_t{static_cast<std::uint8_t>(bytes[at + i])} << (8 * i);
    }
    return value;
}

std::string read_range(const File& file, std::uint64_t offset, std::size_t size) {
    std::string bytes(size, '\0');
    const std::size_t got =
        file.read_at({reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()}, offset);
    bytes.resize(got);
    return bytes;
}

std::string_view ForwardReader::next(std::size_t size) {
    if (buffer_.size() - start_ < size) refill(size);
    const std::string_view bytes = std::string_view(buffer_).substr(start_, size);
    start_ += bytes.size();
    return bytes;
}

void ForwardReader::refill(std::size_t size) {
    buffer_.erase(0, start_);
    start_ = 0;
    const std::uint64_t wanted =
        std::min<std::uint64_t>(std::max(size, buffer_bytes), end_ - position_);
    const std::string more = read_range(file_, position_, static_cast<std::size_t>(wanted));
    position_ += more.size();
    buffer_ += more;
}

}  // namespace evidence
