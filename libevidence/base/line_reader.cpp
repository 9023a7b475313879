#include "base/line_reader.h"

#include <algorithm>

#include "base/error.h"

namespace evidence {
namespace {

constexpr std::size_t read_bytes = 256 * 1024;

}  // namespace

LineReader::LineReader(Source source, std::string name, std::size_t max_line_bytes)
    : source_(std::move(source)), name_(std::move(name)), max_line_bytes_(max_line_bytes) {}

LineReader LineReader::of_file(const File& file, std::uint64_t offset, std::uint64_t size,
                               std::string name, std::size_t max_line_bytes) {
    Source source = [&file, offset, left = size](MutableByteView buffer) mutable {
        const std::size_t wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), left));
        const std::size_t got = file.read_at(buffer.first(wanted), offset);
        if (got < wanted) {
            throw Error(ErrorKind::malformed, "unexpected end of file: " + file.name() +
                                                  " (expected " + std::to_string(left - got) +
                                                  " bytes more)");
        }
        offset += got;
        left -= got;
        return got;
    };
    return LineReader(std::move(source), std::move(name), max_line_bytes);
}

bool LineReader::refill() {
    if (at_end_) return false;
    buffer_.erase(0, position_);
    position_ = 0;
    const std::size_t old_size = buffer_.size();
    buffer_.resize(old_size + read_bytes);
    const std::size_t got =
        source_({reinterpret_cast<std::uint8_t*>(buffer_.data()) + old_size, read_bytes});
    buffer_.resize(old_size + got);
    at_end_ = got == 0;
    return !at_end_;
}

std::optional<std::string_view> LineReader::next() {
    std::size_t searched = 0;
    while (true) {
        const std::size_t newline = buffer_.find('\n', position_ + searched);
        const std::size_t end = newline == std::string::npos ? buffer_.size() : newline;
        if (end - position_ > max_line_bytes_) {
            throw Error(ErrorKind::malformed,
                        "line too long: " + name_ + " line " + std::to_string(line_number_ + 1) +
                            " (expected at most " + std::to_string(max_line_bytes_) + " bytes)");
        }
        if (newline != std::string::npos) {
            const std::string_view line(buffer_.data() + position_, newline - position_);
            position_ = newline + 1;
            ++line_number_;
            return line;
        }
        searched = buffer_.size() - position_;
        if (refill()) continue;
        if (position_ == buffer_.size()) return std::nullopt;
        const std::string_view line(buffer_.data() + position_, buffer_.size() - position_);
        position_ = buffer_.size();
        ++line_number_;
        ended_without_newline_ = true;
        return line;
    }
}

}  // namespace evidence
