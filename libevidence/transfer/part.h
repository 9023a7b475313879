// One part of a package as it travels: encrypted under the transfer key, or in clear when the
// parties chose so. A part is held in memory whole, more than once while it is encrypted; the part
// size is what bounds memory.
#pragma once

#include <optional>

#include "base/file.h"
#include "digest/digest.h"
#include "transfer/part_list.h"
#include "transfer/transfer_key.h"

namespace evidence {

// What a part file may be at most for that many bytes of the package.
std::size_t part_file_bytes(std::uint64_t plain_bytes, PartForm form);

// At most `max_bytes + 1` bytes of a file, so that a longer one is seen to be longer; nullopt when
// there is none.
std::optional<Bytes> read_bounded(const fs::path& path, std::size_t max_bytes);

// Makes the part file durable and returns its digest. A file that is there and holds just these
// bytes under this key is kept; any other is made again. `key` is null for parts in clear.
Sha256 keep_or_write_part(const fs::path& path, ByteView plain, const TransferKey* key);

// The bytes of the package in a part. Error(refused) when it is altered, Error(crypto) when it is
// under another key.
Bytes open_part(Bytes part, const TransferKey* key, const fs::path& path);

}  // namespace evidence
