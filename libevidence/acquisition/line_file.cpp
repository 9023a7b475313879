#include "acquisition/line_file.h"

#include "base/hex.h"

namespace evidence {
namespace {

constexpr std::size_t flush_bytes = 256 * kib;

}  // namespace

void LineFile::add(std::string_view line) {
    buffer_ += line;
    buffer_ += '\n';
    if (buffer_.size() >= flush_bytes) flush();
}

void LineFile::sync() {
    flush();
    file_.sync();
}

std::string LineFile::finish() {
    flush();
    file_.sync();
    file_.close();
    return to_hex(hasher_.finish_sha256());
}

// When a disk is full, a part of the buffer may have been written; the next flush, once there is
// room, writes all of it to the same place.
void LineFile::flush() {
    file_.write_at(as_bytes(buffer_), written_bytes_);
    hasher_.update(as_bytes(buffer_));
    written_bytes_ += buffer_.size();
    buffer_.clear();
}

}  // namespace evidence
