// The record of one entry of a captured tree (evidence-package(5), "Records"). The capture makes
// the index with it, the reader of tars re-derives the index with it: both go through EntryFacts,
// so the same facts give the same bytes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "digest/digest.h"

namespace evidence {

enum class EntryType { file, directory, symlink, hardlink, fifo, device };

std::string_view name_of(EntryType type);

struct FileTime {
    std::int64_t seconds = 0;  // rounded down, also before 1970
    long nanoseconds = 0;      // 0 to 999,999,999
    bool operator==(const FileTime&) const = default;
};

// What a pax tar carries about an entry beside its content.
struct EntryFacts {
    EntryType type{};
    std::string name;    // relative to the source, raw bytes, no slash at the end
    std::string target;  // of symlinks and hard links, raw bytes
    unsigned mode = 0;   // the twelve permission bits
    std::int64_t uid = 0, gid = 0;
    std::optional<FileTime> mtime, atime, ctime, btime;
};

// Without `salt`; files get their content by set_content(). Times that RFC 3339 cannot spell
// (years beyond 9999) are absent.
Json entry_record(const EntryFacts& facts, std::string_view item_id);

void set_content(Json& record, std::uint64_t size_bytes, const Sha256& digest);

}  // namespace evidence
