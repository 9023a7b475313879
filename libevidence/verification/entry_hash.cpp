#include "verification/entry_hash.h"

#include <algorithm>

#include "base/error.h"
#include "base/json.h"

namespace evidence {
namespace {

constexpr std::size_t read_bytes = 256 * kib;

}  // namespace

void check_crc(PackageCheck& check, const ZipEntry& entry, std::uint32_t crc32) {
    if (crc32 == entry.crc32) return;
    check.fail("zip.crc-mismatch", Layer::structure,
               "CRC-32 is " + crc32_hex(crc32) + ", the header says " + crc32_hex(entry.crc32),
               entry.name);
}

void hash_entry(PackageCheck& check, const ZipEntry& entry) {
    Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(entry.size, read_bytes)));
    Hasher hasher(Algorithm::sha256);
    std::uint32_t crc = 0;
    for (std::uint64_t position = 0; position < entry.size;) {
        check.context.check_interrupted();
        const std::size_t wanted =
            static_cast<std::size_t>(std::min<std::uint64_t>(entry.size - position, buffer.size()));
        const std::size_t got = check.file.read_at(MutableByteView(buffer).first(wanted),
                                                   entry.data_offset() + position);
        if (got == 0) break;  // a truncated file has its own finding
        hasher.update(ByteView(buffer).first(got));
        crc = crc32(crc, ByteView(buffer).first(got));
        position += got;
    }
    check.digests[entry.name] = hasher.finish_sha256();
    check_crc(check, entry, crc);
}

HashedLines::HashedLines(const PackageCheck& check, const ZipEntry& entry)
    : file_(check.file),
      context_(check.context),
      entry_(entry),
      lines_([this](MutableByteView buffer) { return read(buffer); }, entry.name,
             json_max_line_bytes) {}

std::size_t HashedLines::read(MutableByteView buffer) {
    context_.check_interrupted();
    const std::size_t wanted =
        static_cast<std::size_t>(std::min<std::uint64_t>(entry_.size - position_, buffer.size()));
    if (wanted == 0) return 0;
    const std::size_t got = file_.read_at(buffer.first(wanted), entry_.data_offset() + position_);
    hasher_.update(buffer.first(got));
    crc32_ = crc32(crc32_, buffer.first(got));
    position_ += got;
    return got;
}

std::string HashedLines::where() const {
    return entry_.name + " line " + std::to_string(lines_.line_number());
}

std::optional<std::string_view> HashedLines::next(Findings& findings, std::string_view code,
                                                  Layer layer) {
    if (gave_up_) return std::nullopt;
    try {
        return lines_.next();
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        findings.add(std::string(code), layer, Weight::failed, error.message(), entry_.name);
        gave_up_ = true;
        return std::nullopt;
    }
}

void HashedLines::finish(PackageCheck& check) {
    Bytes buffer(read_bytes);
    while (read(buffer) > 0) {
    }
    if (lines_.ended_without_newline()) {
        check.fail("bag.malformed-tag-file", Layer::structure, "the last line has no newline",
                   entry_.name);
    }
    check.digests[entry_.name] = hasher_.finish_sha256();
    check_crc(check, entry_, crc32_);
}

}  // namespace evidence
