// The entries of a captured tree, read back from its pax tar: what re-derives every entry record
// when a package is verified.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "base/bytes.h"
#include "base/json.h"

namespace evidence {

// One entry as a record without `salt` and `item`-independent: exactly the members that
// index.jsonl has in `record`, for the given item id, plus where the data lie.
struct TarEntry {
    Json record;
    std::optional<std::uint64_t> offset_bytes;  // of the data; only for type `file`
};

// Reads a tar from `read` (fills a buffer, 0 at the end; may return early), hashing file contents,
// and hands out each entry in order. Entries marked `changed` in the index cannot be told from the
// tar; callers compare without that member. Error(malformed) when it is no pax tar, is cut short,
// is sparse, has bytes that belong to no entry, or holds an absolute or parent-relative name.
void read_tar_entries(const std::function<std::size_t(MutableByteView)>& read,
                      std::string_view item_id, std::string_view where,
                      const std::function<void(TarEntry entry)>& sink);

}  // namespace evidence
