#include "package/salt_source.h"

#include "base/hex.h"

namespace evidence {
namespace {

constexpr std::size_t salt_bytes = 16;
constexpr std::size_t salts_at_once = 256;

}  // namespace

std::string SaltSource::next() {
    if (position_ == buffer_.size()) {
        buffer_.resize(salts_at_once * salt_bytes);
        random_.fill(buffer_);
        position_ = 0;
    }
    const ByteView salt = ByteView(buffer_).subspan(position_, salt_bytes);
    position_ += salt_bytes;
    return to_hex(salt);
}

}  // namespace evidence
