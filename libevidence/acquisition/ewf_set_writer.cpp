#include "acquisition/ewf_set_writer.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "acquisition/ewf_handles.h"
#include "acquisition/ewf_reader.h"
#include "base/folder.h"
#include "base/hex.h"
#include "base/printable.h"

namespace evidence {
namespace {

std::string file_name(const EwfOptions& options, unsigned number) {
    return options.stem + "." + ewf_segment_extension(number);
}

std::uint8_t media_type(EwfMedium medium) {
    switch (medium) {
        case EwfMedium::removable_disk:
            return LIBEWF_MEDIA_TYPE_REMOVABLE;
        case EwfMedium::optical_disc:
            return LIBEWF_MEDIA_TYPE_OPTICAL;
        case EwfMedium::physical_disk:
        case EwfMedium::logical:
            break;
    }
    return LIBEWF_MEDIA_TYPE_FIXED;
}

std::int8_t compression_level(EwfCompression compression) {
    switch (compression) {
        case EwfCompression::none:
            return LIBEWF_COMPRESSION_NONE;
        case EwfCompression::fast:
            return LIBEWF_COMPRESSION_FAST;
        case EwfCompression::best:
            break;
    }
    return LIBEWF_COMPRESSION_BEST;
}

// Whatever ranges they are divided into.
bool names_same_places(const BadRanges& found, const BadRanges& expected) {
    const auto joined = [](const BadRanges& ranges) {
        std::vector<std::pair<std::uint64_t, std::uint64_t>> all;
        for (const BadRange& range : ranges.all()) {
            if (!all.empty() && all.back().second == range.offset_bytes)
                all.back().second = range.end();
            else
                all.emplace_back(range.offset_bytes, range.end());
        }
        return all;
    };
    return joined(found) == joined(expected);
}

}  // namespace

EwfSetWriter::EwfSetWriter(const EwfOptions& options)
    : options_(options), handle_(make_ewf_handle()) {
    open();
}

EwfSetWriter::~EwfSetWriter() = default;

void EwfSetWriter::check(bool succeeded, std::string_view what) {
    if (!succeeded) error_.raise_io(what, first().native());
}

fs::path EwfSetWriter::first() const { return options_.folder / file_name(options_, 1); }

// libewf would write over them.
void EwfSetWriter::refuse_leftovers() const {
    visit_folder(options_.folder, [this](const fs::path& entry) {
        const std::string extension = entry.extension().native();
        if (entry.stem() != options_.stem || extension.size() != 4 || extension[1] < 'E' ||
            extension[1] > 'Z') {
            return;
        }
        throw Error(ErrorKind::exists, "file exists: " + printable(entry.native()) +
                                           " (expected a folder without an E01 set)");
    });
}

void EwfSetWriter::open() {
    refuse_leftovers();
    std::string base = (options_.folder / options_.stem).native();
    char* const names[] = {base.data()};
    check(libewf_handle_open(handle_.get(), names, 1, LIBEWF_OPEN_WRITE, error_.receive()) == 1,
          "cannot create");
    set_media_values();
    set_header();
}

void EwfSetWriter::set_media_values() {
    libewf_handle_t* const set = handle_.get();
    const auto flags =
        options_.medium == EwfMedium::physical_disk || options_.medium == EwfMedium::removable_disk
            ? std::uint8_t{LIBEWF_MEDIA_FLAG_PHYSICAL}
            : std::uint8_t{0};
    check(
        libewf_handle_set_format(set, LIBEWF_FORMAT_ENCASE6, error_.receive()) == 1 &&
            libewf_handle_set_compression_values(set, compression_level(options_.compression),
                                                 LIBEWF_COMPRESS_FLAG_USE_EMPTY_BLOCK_COMPRESSION,
                                                 error_.receive()) == 1 &&
            libewf_handle_set_sectors_per_chunk(
                set, static_cast<std::uint32_t>(ewf_sectors_per_chunk(options_)),
                error_.receive()) == 1 &&
            libewf_handle_set_bytes_per_sector(set, options_.sector_bytes, error_.receive()) == 1 &&
            libewf_handle_set_error_granularity(set, 1, error_.receive()) == 1 &&
            libewf_handle_set_media_size(set, options_.media_bytes, error_.receive()) == 1 &&
            libewf_handle_set_media_type(set, media_type(options_.medium), error_.receive()) == 1 &&
            libewf_handle_set_media_flags(set, flags, error_.receive()) == 1 &&
            libewf_handle_set_maximum_segment_size(set, options_.segment_bytes, error_.receive()) ==
                1 &&
            libewf_handle_set_segment_file_set_identifier(set, options_.set_identifier.data(),
                                                          options_.set_identifier.size(),
                                                          error_.receive()) == 1,
        "cannot describe the medium for");
}

void EwfSetWriter::set_header() {
    for (const EwfHeaderField& field : ewf_header_fields) {
        set_header_value(field.identifier, options_.header.*field.value);
    }
    if (!options_.header.acquired_at) return;
    // In seconds, as "header2" has it; left alone, libewf would take the time of the day.
    const std::string seconds = std::to_string(options_.header.acquired_at->seconds());
    set_header_value("acquiry_date", seconds);
    set_header_value("system_date", seconds);
}

void EwfSetWriter::set_header_value(const char* identifier, const std::string& value) {
    if (value.empty()) return;
    const std::string_view name(identifier);
    check(libewf_handle_set_utf8_header_value(handle_.get(), as_bytes(name).data(), name.size(),
                                              as_bytes(value).data(), value.size(),
                                              error_.receive()) == 1,
          "cannot set " + std::string(name) + " of");
}

void EwfSetWriter::write(const EwfPackedChunk& chunk) {
    // libewf puts the checksum of a stored chunk behind it and writes both at once.
    std::uint8_t* const end = chunk.bytes.data() + chunk.bytes.size();
    const ssize_t count = libewf_handle_write_chunk(
        handle_.get(), chunk.bytes.data(), chunk.bytes.size(), chunk.content_bytes,
        chunk.compressed ? 1 : 0, end, chunk.checksum, chunk.compressed ? 0 : 1, error_.receive());
    if (count != static_cast<ssize_t>(chunk.bytes.size())) {
        error_.raise_io(
            "cannot write", first().native(),
            "the set has no end yet and cannot be continued: make room and start again");
    }
}

void EwfSetWriter::store_digest(const DigestSet& digests, Algorithm algorithm,
                                int (*store)(libewf_handle_t*, std::uint8_t*, std::size_t,
                                             libewf_error_t**)) {
    const auto found = digests.find(algorithm);
    if (found == digests.end()) return;
    std::optional<Bytes> value = from_hex(found->second);
    if (!value || value->size() != digest_bytes(algorithm)) {
        throw Error(ErrorKind::malformed, "not a digest: " + found->second);
    }
    check(store(handle_.get(), value->data(), value->size(), error_.receive()) == 1,
          "cannot store the digest of");
}

void EwfSetWriter::store_unread(const BadRanges& unread) {
    const BadRanges named = ewf_nameable(unread, options_.sector_bytes);
    for (const BadRange& range : named.all()) {
        const std::uint64_t begin = range.offset_bytes / options_.sector_bytes;
        const std::uint64_t end = (range.end() + options_.sector_bytes - 1) / options_.sector_bytes;
        check(libewf_handle_append_acquiry_error(handle_.get(), begin, end - begin,
                                                 error_.receive()) == 1,
              "cannot store the unread sectors of");
    }
}

std::vector<EwfSegment> EwfSetWriter::make_durable() {
    std::vector<EwfSegment> segments;
    for (unsigned number = 1; number <= max_ewf_segments; ++number) {
        const fs::path path = options_.folder / file_name(options_, number);
        if (number > 1 && !name_is_taken(path)) break;
        File file = File::open_regular(path);
        // libewf lets everybody read what it makes.
        if (::fchmod(file.fd(), S_IRUSR | S_IWUSR) != 0) throw_errno("cannot write", file.name());
        file.sync();
        // Reading back must ask the disk, not the memory.
        ::posix_fadvise(file.fd(), 0, 0, POSIX_FADV_DONTNEED);
        segments.push_back({path.filename().native(), file.size()});
    }
    sync_folder(options_.folder);
    return segments;
}

// libewf leaves out what it cannot write in several places without a word.
void EwfSetWriter::compare(const DigestSet& digests, const BadRanges& unread) const {
    const EwfReader reader(first());
    DigestSet expected;
    for (const Algorithm algorithm : {Algorithm::md5, Algorithm::sha1}) {
        const auto found = digests.find(algorithm);
        if (found != digests.end()) expected.insert(*found);
    }
    EwfHeader header = options_.header;
    if (header.acquired_at)
        header.acquired_at = UtcTime::from_seconds(header.acquired_at->seconds());
    else
        header.acquired_at = reader.header().acquired_at;
    const char* differs =
        reader.media_bytes() != options_.media_bytes     ? "size"
        : reader.sector_bytes() != options_.sector_bytes ? "sector size"
        : reader.stored_digests() != expected            ? "digests"
        : !names_same_places(reader.unread(), ewf_nameable(unread, options_.sector_bytes))
            ? "unread sectors"
        : !(reader.header() == header) ? "header"
                                       : nullptr;
    if (differs) {
        throw Error(ErrorKind::io, "E01 set does not say what it was to say: " + first().native() +
                                       " (" + differs + ")");
    }
}

std::vector<EwfSegment> EwfSetWriter::finish(const DigestSet& digests, const BadRanges& unread) {
    store_digest(digests, Algorithm::md5, libewf_handle_set_md5_hash);
    store_digest(digests, Algorithm::sha1, libewf_handle_set_sha1_hash);
    store_unread(unread);
    check(libewf_handle_write_finalize(handle_.get(), error_.receive()) >= 0, "cannot finish");
    check(libewf_handle_close(handle_.get(), error_.receive()) == 0, "cannot close");
    std::vector<EwfSegment> segments = make_durable();
    compare(digests, unread);
    return segments;
}

}  // namespace evidence
