#include "acquisition/ewf_reader.h"

#include <algorithm>
#include <cerrno>
#include <exception>
#include <set>

#include "acquisition/ewf_handles.h"
#include "base/hex.h"
#include "base/printable.h"
#include "base/utf8.h"

namespace evidence {
namespace {

constexpr std::uint64_t min_bytes_per_chunk = 4;  // its place in a table
constexpr std::size_t max_value_bytes = 64 * kib;
constexpr std::size_t max_regions = 32;  // so many come to chunks_in_memory

[[noreturn]] void malformed(const fs::path& first, std::string_view what) {
    throw Error(ErrorKind::malformed, "damaged E01 set: " + printable(first.native()) +
                                          " (expected " + std::string(what) + ")");
}

// Before libewf sees it: it allocates what these numbers say.
void check_volume(const EwfSet& set, const fs::path& first) {
    const EwfVolume& volume = set.volume;
    if (const char* expected = volume_objection(volume)) malformed(first, expected);
    std::uint64_t file_bytes = 0;
    for (const EwfSegment& segment : set.segments) file_bytes += segment.size_bytes;
    const std::uint64_t chunks =
        (volume.media_bytes() + volume.chunk_bytes() - 1) / volume.chunk_bytes();
    if (std::max<std::uint64_t>(chunks, volume.chunks) > file_bytes / min_bytes_per_chunk) {
        malformed(first, "no more chunks than its files can hold");
    }
}

}  // namespace

struct EwfReader::State {
    State(const fs::path& first, const EwfSet& set, std::uint64_t chunks_in_memory)
        : region_chunks(std::max<std::uint64_t>(1, chunks_in_memory / max_regions)) {
        for (const EwfSegment& segment : set.segments) {
            paths.push_back((first.parent_path() / segment.name).native());
        }
        open();
    }

    std::vector<std::string> paths;
    const std::uint64_t region_chunks;
    std::set<std::uint64_t> regions;  // parts of the medium whose chunks libewf may remember
    EwfError error;
    EwfHandle handle;

    void open();

    std::string header_value(std::string_view identifier, const fs::path& first) {
        std::size_t size = 0;  // with the zero at its end
        const auto* const name = as_bytes(identifier).data();
        if (libewf_handle_get_utf8_header_value_size(handle.get(), name, identifier.size(), &size,
                                                     error.receive()) != 1 ||
            size <= 1) {
            return {};
        }
        if (size > max_value_bytes) malformed(first, "header fields of at most 64 KiB");
        Bytes value(size);
        if (libewf_handle_get_utf8_header_value(handle.get(), name, identifier.size(), value.data(),
                                                value.size(), error.receive()) != 1) {
            return {};
        }
        std::string text(as_text(value));
        text.resize(std::min(text.find('\0'), text.size()));
        return is_valid_utf8(text) ? text : printable(text);
    }
};

void EwfReader::State::open() {
    handle.reset();
    regions.clear();
    EwfHandle fresh = make_ewf_handle();
    std::vector<char*> names;
    for (std::string& path : paths) names.push_back(path.data());
    if (libewf_handle_open(fresh.get(), names.data(), static_cast<int>(names.size()),
                           LIBEWF_OPEN_READ, error.receive()) != 1) {
        error.raise_malformed("cannot open E01 set", paths.front());
    }
    if (libewf_handle_segment_files_corrupted(fresh.get(), error.receive()) != 0) {
        malformed(paths.front(), "segment files without damage");
    }
    handle = std::move(fresh);
}

EwfReader::EwfReader(const fs::path& first, std::uint64_t chunks_in_memory)
    : set_(find_ewf_set(first)) {
    check_volume(set_, first);
    state_ = std::make_unique<State>(first, set_, chunks_in_memory);
    read_media_values(first);
    read_digests();
    read_header(first);
    read_unread(first);
}

EwfReader::~EwfReader() = default;

void EwfReader::read_media_values(const fs::path& first) {
    EwfError& error = state_->error;
    libewf_handle_t* const handle = state_->handle.get();
    size64_t media_bytes = 0;
    size32_t chunk_bytes = 0;
    std::uint32_t sector_bytes = 0;
    if (libewf_handle_get_media_size(handle, &media_bytes, error.receive()) != 1 ||
        libewf_handle_get_chunk_size(handle, &chunk_bytes, error.receive()) != 1 ||
        libewf_handle_get_bytes_per_sector(handle, &sector_bytes, error.receive()) != 1) {
        error.raise_malformed("cannot read the media data of", first.native());
    }
    if (media_bytes != set_.volume.media_bytes() || chunk_bytes != set_.volume.chunk_bytes() ||
        sector_bytes != set_.volume.sector_bytes) {
        malformed(first, "media data that agree with each other");
    }
    media_bytes_ = media_bytes;
    chunk_bytes_ = chunk_bytes;
    sector_bytes_ = sector_bytes;
}

void EwfReader::read_digests() {
    EwfError& error = state_->error;
    const auto add = [&](Algorithm algorithm, auto* get) {
        Bytes value(digest_bytes(algorithm));
        const int found = get(state_->handle.get(), value.data(), value.size(), error.receive());
        if (found < 0) malformed(set_.segments.front().name, "digests that can be read");
        if (found == 1) digests_[algorithm] = to_hex(value);
    };
    add(Algorithm::md5, libewf_handle_get_md5_hash);
    add(Algorithm::sha1, libewf_handle_get_sha1_hash);
}

void EwfReader::read_header(const fs::path& first) {
    for (const EwfHeaderField& field : ewf_header_fields) {
        header_.*field.value = state_->header_value(field.identifier, first);
    }
    header_.acquired_at = set_.acquired_at;
}

void EwfReader::read_unread(const fs::path& first) {
    EwfError& error = state_->error;
    libewf_handle_t* const handle = state_->handle.get();
    std::uint32_t count = 0;
    if (libewf_handle_get_number_of_acquiry_errors(handle, &count, error.receive()) != 1) {
        malformed(first, "a list of acquisition errors");
    }
    const std::uint64_t sectors = media_bytes_ / sector_bytes_;
    for (std::uint32_t i = 0; i < count; ++i) {
        std::uint64_t begin = 0, size = 0;
        if (libewf_handle_get_acquiry_error(handle, i, &begin, &size, error.receive()) != 1 ||
            size == 0 || begin >= sectors || size > sectors - begin) {
            malformed(first, "acquisition errors within the medium");
        }
        unread_.add({begin * sector_bytes_, size * sector_bytes_, EIO});
    }
}

ssize_t EwfReader::read_at(MutableByteView buffer, std::uint64_t offset) {
    std::size_t done = 0;
    while (done < buffer.size() && offset < media_bytes_) {
        const std::uint64_t chunk_end =
            std::min((offset / chunk_bytes_ + 1) * chunk_bytes_, media_bytes_);
        const auto size = static_cast<std::size_t>(
            std::min<std::uint64_t>(buffer.size() - done, chunk_end - offset));
        if (!make_room_for(offset) || !read_in_chunk(buffer.subspan(done, size), offset)) {
            return done > 0 ? static_cast<ssize_t>(done) : -EIO;
        }
        done += size;
        offset += size;
    }
    return static_cast<ssize_t>(done);
}

// False when the set could not be opened anew.
bool EwfReader::make_room_for(std::uint64_t offset) {
    State& state = *state_;
    const std::uint64_t region = offset / chunk_bytes_ / state.region_chunks;
    if (!state.regions.contains(region) && state.regions.size() == max_regions) {
        try {
            state.open();
        } catch (const std::exception&) {
            return false;
        }
    }
    state.regions.insert(region);
    return state.handle != nullptr;
}

// libewf goes on with the next chunk where one is too short, and gives out zeros or whatever is in
// memory for one that is damaged or missing: its last byte must be there, and no checksum wrong.
bool EwfReader::read_in_chunk(MutableByteView part, std::uint64_t offset) {
    const auto read = [&](MutableByteView bytes, std::uint64_t at) {
        return libewf_handle_read_random(state_->handle.get(), bytes.data(), bytes.size(),
                                         static_cast<off64_t>(at), state_->error.receive()) ==
               static_cast<ssize_t>(bytes.size());
    };
    const std::uint64_t last =
        std::min((offset / chunk_bytes_ + 1) * chunk_bytes_, media_bytes_) - 1;
    std::uint8_t last_byte = 0;
    return read({&last_byte, 1}, last) && read(part, offset) && !is_damaged(offset);
}

// libewf collects damaged places as ranges of sectors, in order and without overlaps.
bool EwfReader::is_damaged(std::uint64_t offset) {
    EwfError& error = state_->error;
    libewf_handle_t* const handle = state_->handle.get();
    std::uint32_t count = 0;
    if (libewf_handle_get_number_of_checksum_errors(handle, &count, error.receive()) != 1) {
        return true;
    }
    const std::uint64_t sector = offset / chunk_bytes_ * (chunk_bytes_ / sector_bytes_);
    std::uint32_t first = 0;
    while (first < count) {
        const std::uint32_t middle = first + (count - first) / 2;
        std::uint64_t begin = 0, size = 0;
        if (libewf_handle_get_checksum_error(handle, middle, &begin, &size, error.receive()) != 1) {
            return true;
        }
        if (sector >= begin && sector - begin < size) return true;
        if (sector < begin) {
            count = middle;
        } else {
            first = middle + 1;
        }
    }
    return false;
}

}  // namespace evidence
