#include "verification/extracted_content.h"

#include <unistd.h>

#include <algorithm>

#include "base/broadcast.h"
#include "base/error.h"

namespace evidence {
namespace {

// Below this threads cost more than they save.
constexpr std::uint64_t small_bytes = 2 * mib;
constexpr std::size_t step_bytes = 256 * kib;

Sha256 copy_small(const File& package, ContentRange range, File& file, const Context& context) {
    Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(range.size_bytes, step_bytes)));
    Hasher hasher(Algorithm::sha256);
    for (std::uint64_t done = 0; done < range.size_bytes;) {
        const MutableByteView part = MutableByteView(buffer).first(static_cast<std::size_t>(
            std::min<std::uint64_t>(buffer.size(), range.size_bytes - done)));
        package.read_exactly_at(part, range.offset + done);
        hasher.update(part);
        file.write(part);
        done += part.size();
        context.progress.advance(part.size());
    }
    return hasher.finish_sha256();
}

Sha256 copy_large(const File& package, ContentRange range, File& file, const Context& context) {
    Hasher hasher(Algorithm::sha256);
    std::uint64_t done = 0;
    const BroadcastReader reader = [&](MutableByteView buffer) {
        context.check_interrupted();
        const MutableByteView part = buffer.first(static_cast<std::size_t>(
            std::min<std::uint64_t>(buffer.size(), range.size_bytes - done)));
        package.read_exactly_at(part, range.offset + done);
        done += part.size();
        context.progress.advance(part.size());
        return part.size();
    };
    broadcast(reader, {[&](ByteView bytes, std::uint64_t) { hasher.update(bytes); },
                       [&](ByteView bytes, std::uint64_t offset) {
                           if (!all_zero(bytes)) file.write_at(bytes, offset);
                       }});
    if (::ftruncate(file.fd(), static_cast<off_t>(range.size_bytes)) != 0) {
        throw_errno("cannot write", file.name());
    }
    return hasher.finish_sha256();
}

}  // namespace

Sha256 copy_content(const File& package, ContentRange range, File& file, const Context& context) {
    context.check_interrupted();
    return range.size_bytes < small_bytes ? copy_small(package, range, file, context)
                                          : copy_large(package, range, file, context);
}

}  // namespace evidence
