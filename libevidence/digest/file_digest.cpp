#include "digest/file_digest.h"

#include "base/hex.h"
#include "digest/digest.h"

namespace evidence {

std::string sha256_of_file(const File& file, const Context& context) {
    Hasher hasher(Algorithm::sha256);
    Bytes buffer(mib);
    std::uint64_t offset = 0;
    while (const std::size_t count = file.read_at(buffer, offset)) {
        context.check_interrupted();
        hasher.update(ByteView(buffer).first(count));
        offset += count;
    }
    return to_hex(hasher.finish_sha256());
}

}  // namespace evidence
