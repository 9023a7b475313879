#include "transfer/package_identity.h"

#include <algorithm>

#include "base/hex.h"
#include "digest/digest.h"
#include "package/package_layout.h"
#include "package/zip_reader.h"

namespace evidence {
namespace {

constexpr std::size_t buffer_bytes = 256 * kib;

std::string entry_sha256(const File& package, const ZipStructure& structure,
                         std::string_view name) {
    const ZipEntry* entry = structure.find(name);
    if (!entry || entry->size > structure.file_size) return {};
    Hasher hasher(Algorithm::sha256);
    Bytes buffer(buffer_bytes);
    for (std::uint64_t done = 0; done < entry->size;) {
        const std::size_t want = std::min<std::uint64_t>(buffer.size(), entry->size - done);
        const MutableByteView piece = MutableByteView(buffer).first(want);
        if (package.read_at(piece, entry->data_offset() + done) < want) return {};
        hasher.update(piece);
        done += want;
    }
    return to_hex(hasher.finish_sha256());
}

}  // namespace

PackageIdentity identify_package(const File& package, Findings& findings) {
    const ZipStructure structure = read_zip_structure(package, findings);
    return {entry_sha256(package, structure, manifest_001),
            entry_sha256(package, structure, "terms.json")};
}

}  // namespace evidence
