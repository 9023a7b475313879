#include "acquisition/file_copy.h"

#include <fcntl.h>

#include <functional>

#include "base/hex.h"
#include "digest/digest.h"

namespace evidence {
namespace {

constexpr std::size_t step_bytes = mib;

std::string read_whole(const fs::path& path, const Context& context,
                       const std::function<void(ByteView bytes)>& sink) {
    File file = File::open_regular(path);
    Hasher hasher(Algorithm::sha256);
    Bytes buffer(step_bytes);
    while (const std::size_t count = file.read_some(buffer)) {
        context.check_interrupted();
        const ByteView bytes = ByteView(buffer).first(count);
        hasher.update(bytes);
        sink(bytes);
        context.progress.advance(count);
    }
    return to_hex(hasher.finish_sha256());
}

}  // namespace

std::string copy_file_durably(const fs::path& from, const fs::path& to, const Context& context) {
    File copy = File::create_new(to);
    std::string digest = read_whole(from, context, [&copy](ByteView bytes) { copy.write(bytes); });
    copy.sync();
    ::posix_fadvise(copy.fd(), 0, 0, POSIX_FADV_DONTNEED);
    copy.close();
    return digest;
}

std::string sha256_of_file(const fs::path& path, const Context& context) {
    return read_whole(path, context, [](ByteView) {});
}

}  // namespace evidence
