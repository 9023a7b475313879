#include "acquisition/file_copy.h"

#include <fcntl.h>

#include "base/error.h"
#include "base/hex.h"
#include "digest/digest.h"
#include "digest/file_digest.h"

namespace evidence {

std::string copy_file_durably(const fs::path& from, const std::vector<fs::path>& copies,
                              const std::function<void(std::uint64_t bytes)>& progress,
                              const Context& context) {
    File file = File::open_regular(from);
    std::vector<File> outputs;
    for (const fs::path& copy : copies) outputs.push_back(File::create_new(copy));
    Hasher hasher(Algorithm::sha256);
    Bytes buffer(mib);
    while (const std::size_t count = file.read_some(buffer)) {
        context.check_interrupted();
        const ByteView bytes = ByteView(buffer).first(count);
        hasher.update(bytes);
        for (File& output : outputs) output.write(bytes);
        progress(count);
    }
    for (File& output : outputs) {
        output.sync();
        ::posix_fadvise(output.fd(), 0, 0, POSIX_FADV_DONTNEED);
        output.close();
    }
    return to_hex(hasher.finish_sha256());
}

void throw_not_kept(const fs::path& copy, const std::string& expected_sha256) {
    throw Error(
        ErrorKind::io,
        "read-back differs: " + copy.native() + " (expected sha256 " + expected_sha256 + ")",
        "the destination disk does not keep what it is given");
}

void require_kept(const fs::path& copy, const std::string& sha256, const Context& context) {
    if (sha256_of_file(File::open_regular(copy), context) != sha256) throw_not_kept(copy, sha256);
}

}  // namespace evidence
