// Archive manifests in another algorithm than SHA-256, in which everything else here is listed:
// what they cover is read once more, and each line is compared with the one it must be.
#include <algorithm>

#include "digest/digest.h"
#include "package/manifests.h"
#include "verification/archive_manifest_check.h"

namespace evidence {
namespace {

constexpr std::size_t read_bytes = 1 * mib;

// Takes one line, with its newline, off the front of `text`.
std::string_view take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end == std::string_view::npos ? end : end + 1);
    text.remove_prefix(line.size());
    return line;
}

bool take(std::string_view& text, std::string_view wanted) {
    if (!text.starts_with(wanted)) return false;
    text.remove_prefix(wanted.size());
    return true;
}

}  // namespace

Algorithm archive_algorithm(const PackageCheck& check, const MetaInfPair& pair) {
    const ZipEntry* entry = check.structure.find(pair.manifest);
    if (!entry) return Algorithm::sha256;
    std::string start(static_cast<std::size_t>(std::min<std::uint64_t>(entry->size, 4 * kib)), 0);
    start.resize(check.file.read_at({reinterpret_cast<std::uint8_t*>(start.data()), start.size()},
                                    entry->data_offset()));
    for (const Algorithm algorithm : {Algorithm::sha384, Algorithm::sha512}) {
        const std::string method = "Algorithm=\"" + std::string(digest_method(algorithm)) + "\"";
        if (start.find(method) != std::string::npos) return algorithm;
    }
    return Algorithm::sha256;
}

void ArchiveManifestCheck::run(const MetaInfPair& pair, Algorithm algorithm) {
    const auto text = check_.text_of(pair.manifest, manifest_max_bytes);
    if (!text) return;
    std::string_view rest = *text;
    bool is_exact = take(rest, asic_manifest_head(pair.token));
    for (const ZipEntry& entry : check_.structure.entries) {
        if (entry.name == pair.manifest || !is_exact) break;
        if (take_line(rest) == asic_manifest_line(entry.name, algorithm, digest(entry, algorithm)))
            continue;
        check_.fail("manifest.digest-mismatch", Layer::content,
                    pair.manifest + " lists another digest for this file, or none", entry.name);
        return;
    }
    if (is_exact && rest == asic_manifest_tail) {
        check_.exact_lists.emplace(pair.manifest);
    } else {
        check_.fail("manifest.malformed", Layer::structure,
                    "lists files that are not there, or is not in its exact form", pair.manifest);
    }
}

const Bytes& ArchiveManifestCheck::digest(const ZipEntry& entry, Algorithm algorithm) {
    const auto [known, is_new] = digests_.try_emplace({algorithm, entry.name});
    if (!is_new) return known->second;
    Hasher hasher(algorithm);
    Bytes buffer(static_cast<std::size_t>(std::min<std::uint64_t>(entry.size, read_bytes)));
    for (std::uint64_t position = 0; position < entry.size;) {
        check_.context.check_interrupted();
        const MutableByteView part = MutableByteView(buffer).first(static_cast<std::size_t>(
            std::min<std::uint64_t>(entry.size - position, buffer.size())));
        const std::size_t got = check_.file.read_at(part, entry.data_offset() + position);
        if (got == 0) break;  // a truncated file has its own finding
        hasher.update(part.first(got));
        position += got;
    }
    known->second = hasher.finish();
    return known->second;
}

}  // namespace evidence
