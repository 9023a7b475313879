// One pass over an archive that somebody else made: its entries in order, their names judged,
// their content bounded. Private to the room.
//
// Of libarchive only ZIP and tar are let in, and only those compressors that run inside of it: it
// would start programs for others.
//
// Thread rule: a pass belongs to one thread; it changes that thread's locale while it lives.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "acquisition/archive_handles.h"
#include "base/bytes.h"
#include "base/context.h"
#include "base/file.h"

namespace evidence {

// What comes out of an archive may be this many times its own size, once it is more than the first
// number of bytes. An empty disk compresses a thousandfold; more than this is made to be a burden.
inline constexpr std::uint64_t archive_expansion_floor_bytes = gib;
inline constexpr std::uint64_t archive_max_expansion = 10'000;
// Headers alone can be a burden, too: their names are kept.
inline constexpr std::uint64_t archive_max_entries = 10'000'000;
inline constexpr std::size_t archive_name_max_bytes = 64 * kib;
inline constexpr std::uint64_t archive_max_name_bytes = 2 * gib;  // all names together

class ArchivePass {
public:
    enum class Type { file, folder, special };
    enum class End { none, complete, damaged, too_large };

    // `file` must outlive the pass and is read from its start.
    ArchivePass(const File& file, const Context& context);

    // The next entry; false at the end of the pass, which end() then explains.
    bool next();
    End end() const { return end_; }
    const std::string& problem() const { return problem_; }  // of the archive, or the last entry

    std::string form() const;  // "zip", "tar+gzip"
    bool can_skip() const;     // content is passed over without being unpacked

    // Of the current entry. The path has no empty or . part; nullopt when it leads elsewhere
    // or is longer than any system has.
    const std::optional<std::string>& path() const { return path_; }
    const std::string& name() const { return name_; }  // as it stands in the archive
    Type type() const { return type_; }
    bool is_encrypted() const { return is_encrypted_; }

    // The whole content in pieces; false when it cannot be read, which problem() explains.
    using Sink = std::function<void(ByteView bytes)>;
    bool read(const Sink& sink);

private:
    void examine(struct archive_entry* entry);
    bool hand_on(ByteView bytes, const Sink& sink);
    bool fill_hole(std::uint64_t bytes, const Sink& sink);
    bool stop_too_large();
    bool stop(End end, std::string problem);
    std::string reason() const;

    ArchiveLocale locale_;
    const File& file_;
    const Context& context_;
    ArchiveReader reader_;
    Bytes buffer_;
    std::uint64_t max_bytes_ = 0, bytes_ = 0, entries_ = 0, name_bytes_ = 0;
    std::uint64_t declared_bytes_ = 0;  // of the current entry
    std::optional<std::string> path_;
    std::string name_, problem_;
    Type type_ = Type::special;
    bool is_encrypted_ = false;
    End end_ = End::none;
};

}  // namespace evidence
