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

void LineFile::flush() {
    hasher_.update(as_bytes(buffer_));
    file_.write(as_bytes(buffer_));
    buffer_.clear();
}

}  // namespace evidence
