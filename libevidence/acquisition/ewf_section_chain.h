// The sections of one Expert Witness (E01) segment that is a range of an open file: a file of its
// own, or a stored entry of a package. Read without libewf.
//
// Thread rule: belongs to one thread; the file may be shared.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/file.h"

namespace evidence {

// At the start of each segment.
inline constexpr std::string_view ewf_signature("EVF\x09\x0d\x0a\xff\x00", 8);

// A file that is open as long as anybody reads the set, or one that is opened for every read: a set
// may have more files than a process may have open. May be used by several threads.
class EwfFile {
public:
    EwfFile() = default;
    EwfFile(const File* open) : open_(open) {}
    explicit EwfFile(fs::path path) : path_(std::make_shared<const fs::path>(std::move(path))) {}

    // As File::read_at; a path must lead to a regular file.
    std::size_t read_at(MutableByteView buffer, std::uint64_t offset) const;
    std::string name() const { return open_ ? open_->name() : path_->native(); }

private:
    const File* open_ = nullptr;
    std::shared_ptr<const fs::path> path_;
};

struct EwfExtent {
    EwfFile file;
    std::uint64_t offset = 0, size_bytes = 0;
};

// The whole of a file, opened for every read.
EwfExtent whole_file(const fs::path& path);
// Of each of several.
std::vector<EwfExtent> whole_files(const fs::path& folder, const std::vector<std::string>& names);

// Positions count from the start of the segment. A section reaches to the next: what its own size
// says is not looked at, as programs disagree about it.
struct EwfSection {
    std::string type;
    std::uint64_t offset = 0, next = 0;

    std::uint64_t data_offset() const;
    std::uint64_t data_bytes() const { return next - data_offset(); }
    bool is_last_of_set() const { return type == "done"; }
    bool ends_segment() const { return type == "next" || is_last_of_set(); }
};

class EwfSectionChain {
public:
    // Error(malformed) for anything but an E01 segment, Error(unsupported) for the kinds that are
    // akin. Precondition: the extent lies inside its file.
    explicit EwfSectionChain(const EwfExtent& extent);

    unsigned number() const { return number_; }  // in its set, from 1
    // In order, the one that ends the segment too, then nullopt: what stands behind it is not
    // looked at. Error(malformed) for anything but a whole chain.
    std::optional<EwfSection> next();

    const EwfExtent& extent() const { return extent_; }
    // Error(malformed) when the segment has not so much.
    void read(MutableByteView buffer, std::uint64_t offset) const;
    [[noreturn]] void malformed(std::string_view expected, std::uint64_t offset) const;

private:
    EwfExtent extent_;
    unsigned number_ = 0;
    std::uint64_t offset_;
    std::size_t count_ = 0;
    bool ended_ = false;
};

// Little-endian, at most 8 bytes.
std::uint64_t ewf_number(ByteView bytes);

// Whether the last four bytes are the Adler-32 of those before.
bool ewf_checksum_is_right(ByteView bytes);

}  // namespace evidence
