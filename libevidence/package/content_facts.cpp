#include "package/content_facts.h"

#include <algorithm>

#include "digest/crc32.h"

namespace evidence {
namespace {

constexpr std::size_t buffer_bytes = 256 * kib;

}  // namespace

void ContentMeter::update(ByteView bytes) {
    facts_.size += bytes.size();
    facts_.crc32 = evidence::crc32(facts_.crc32, bytes);
    hasher_.update(bytes);
}

ContentFacts ContentMeter::finish() {
    facts_.sha256 = hasher_.finish_sha256();
    return facts_;
}

void visit_content(const File& file, std::uint64_t offset, std::uint64_t size,
                   const std::function<void(ByteView bytes)>& visitor) {
    Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(buffer_bytes, size)));
    while (size > 0) {
        const std::size_t wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size));
        const std::size_t got = file.read_at(MutableByteView(buffer).first(wanted), offset);
        if (got > 0) visitor(ByteView(buffer).first(got));
        if (got < wanted) return;
        offset += got;
        size -= got;
    }
}

ContentFacts measure(const File& file) {
    ContentMeter meter;
    visit_content(file, 0, file.size(), [&meter](ByteView bytes) { meter.update(bytes); });
    return meter.finish();
}

Spool::Spool(const fs::path& scratch_folder) : file_(File::create_unnamed(scratch_folder)) {
    buffer_.reserve(buffer_bytes);
}

void Spool::write(std::string_view text) {
    buffer_ += text;
    if (buffer_.size() >= buffer_bytes) flush();
}

void Spool::finish() {
    flush();
    facts_ = meter_.finish();
}

void Spool::flush() {
    meter_.update(as_bytes(buffer_));
    file_.write(as_bytes(buffer_));
    buffer_.clear();
}

}  // namespace evidence
