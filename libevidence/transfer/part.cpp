#include "transfer/part.h"

#include <algorithm>

#include "base/error.h"
#include "base/folder.h"
#include "signature/envelope.h"

namespace evidence {
namespace {

// The digest of the file when it holds just these bytes under this key.
std::optional<Sha256> digest_if_holding(const fs::path& path, ByteView plain,
                                        const TransferKey* key) {
    const PartForm form = key ? PartForm::encrypted : PartForm::clear;
    std::optional<Bytes> part = read_bounded(path, part_file_bytes(plain.size(), form));
    if (!part) return std::nullopt;
    const Sha256 digest = sha256(*part);
    try {
        const Bytes held = open_part(std::move(*part), key, path);
        if (std::equal(held.begin(), held.end(), plain.begin(), plain.end())) return digest;
    } catch (const Error& error) {
        // Half written or damaged on the medium: not kept, that is all. Anything else is a failure.
        if (error.kind() == ErrorKind::io) throw;
    }
    return std::nullopt;
}

}  // namespace

std::size_t part_file_bytes(std::uint64_t plain_bytes, PartForm form) {
    return plain_bytes + (form == PartForm::encrypted ? envelope_overhead_bytes(1) : 0);
}

std::optional<Bytes> read_bounded(const fs::path& path, std::size_t max_bytes) {
    std::error_code error;
    if (!fs::exists(path, error) && !error) return std::nullopt;
    File file = File::open_regular(path);
    Bytes bytes(std::min<std::uint64_t>(file.size(), max_bytes + 1));
    bytes.resize(file.read_some(bytes));
    return bytes;
}

Sha256 keep_or_write_part(const fs::path& path, ByteView plain, const TransferKey* key) {
    if (const std::optional<Sha256> digest = digest_if_holding(path, plain, key)) return *digest;
    remove_if_there(path);
    const Bytes envelope = key ? encrypt_with_secret(plain, key->secret(), key->id()) : Bytes();
    const ByteView part = key ? ByteView(envelope) : plain;
    File file = File::create_new(path);
    file.write(part);
    file.sync();
    file.close();
    return sha256(part);
}

Bytes open_part(Bytes part, const TransferKey* key, const fs::path& path) {
    if (!key) return part;
    return decrypt_with_secret(part, key->secret(), key->id(), path.native());
}

}  // namespace evidence
