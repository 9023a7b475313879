#include "acquisition/ewf_writer.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>

#include "acquisition/chunk_workers.h"
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

}  // namespace

struct EwfWriter::State {
    explicit State(const EwfOptions& given)
        : options(given),
          chunk_sectors(ewf_sectors_per_chunk(given)),
          packer(static_cast<std::size_t>(chunk_sectors * given.sector_bytes), given.compression,
                 given.workers > 0 ? given.workers : default_worker_count()) {}

    void check(bool succeeded, std::string_view what) {
        if (!succeeded) error.raise_io(what, first().native());
    }

    fs::path first() const { return options.folder / file_name(options, 1); }

    void refuse_leftovers() const;
    void open();
    void set_media_values();
    void set_header();
    void set_header_value(const char* identifier, const std::string& value);
    void write_chunk(const EwfPackedChunk& chunk);
    void store_digest(const DigestSet& digests, Algorithm algorithm,
                      int (*store)(libewf_handle_t*, std::uint8_t*, std::size_t, libewf_error_t**));
    void store_unread(const BadRanges& unread);
    std::vector<EwfSegment> make_durable();
    void compare(const DigestSet& digests, const BadRanges& unread) const;

    const EwfOptions options;
    const std::uint64_t chunk_sectors;
    std::uint64_t written = 0;
    EwfError error;
    EwfHandle handle = make_ewf_handle();
    EwfChunkPacker packer;
};

// libewf would write over them.
void EwfWriter::State::refuse_leftovers() const {
    visit_folder(options.folder, [this](const fs::path& entry) {
        const std::string extension = entry.extension().native();
        if (entry.stem() != options.stem || extension.size() != 4 || extension[1] < 'E' ||
            extension[1] > 'Z') {
            return;
        }
        throw Error(ErrorKind::exists, "file exists: " + printable(entry.native()) +
                                           " (expected a folder without an E01 set)");
    });
}

void EwfWriter::State::open() {
    refuse_leftovers();
    std::string base = (options.folder / options.stem).native();
    char* const names[] = {base.data()};
    check(libewf_handle_open(handle.get(), names, 1, LIBEWF_OPEN_WRITE, error.receive()) == 1,
          "cannot create");
    set_media_values();
    set_header();
}

void EwfWriter::State::set_media_values() {
    libewf_handle_t* const set = handle.get();
    const auto flags =
        options.medium == EwfMedium::physical_disk || options.medium == EwfMedium::removable_disk
            ? std::uint8_t{LIBEWF_MEDIA_FLAG_PHYSICAL}
            : std::uint8_t{0};
    check(libewf_handle_set_format(set, LIBEWF_FORMAT_ENCASE6, error.receive()) == 1 &&
              libewf_handle_set_compression_values(set, compression_level(options.compression),
                                                   LIBEWF_COMPRESS_FLAG_USE_EMPTY_BLOCK_COMPRESSION,
                                                   error.receive()) == 1 &&
              libewf_handle_set_sectors_per_chunk(set, static_cast<std::uint32_t>(chunk_sectors),
                                                  error.receive()) == 1 &&
              libewf_handle_set_bytes_per_sector(set, options.sector_bytes, error.receive()) == 1 &&
              libewf_handle_set_error_granularity(set, 1, error.receive()) == 1 &&
              libewf_handle_set_media_size(set, options.media_bytes, error.receive()) == 1 &&
              libewf_handle_set_media_type(set, media_type(options.medium), error.receive()) == 1 &&
              libewf_handle_set_media_flags(set, flags, error.receive()) == 1 &&
              libewf_handle_set_maximum_segment_size(set, options.segment_bytes, error.receive()) ==
                  1 &&
              libewf_handle_set_segment_file_set_identifier(set, options.set_identifier.data(),
                                                            options.set_identifier.size(),
                                                            error.receive()) == 1,
          "cannot describe the medium for");
}

void EwfWriter::State::set_header() {
    for (const EwfHeaderField& field : ewf_header_fields) {
        set_header_value(field.identifier, options.header.*field.value);
    }
    if (!options.header.acquired_at) return;
    // In seconds, as "header2" has it; left alone, libewf would take the time of the day.
    const std::string seconds = std::to_string(options.header.acquired_at->seconds());
    set_header_value("acquiry_date", seconds);
    set_header_value("system_date", seconds);
}

void EwfWriter::State::set_header_value(const char* identifier, const std::string& value) {
    if (value.empty()) return;
    const std::string_view name(identifier);
    check(libewf_handle_set_utf8_header_value(handle.get(), as_bytes(name).data(), name.size(),
                                              as_bytes(value).data(), value.size(),
                                              error.receive()) == 1,
          "cannot set " + std::string(name) + " of");
}

void EwfWriter::State::write_chunk(const EwfPackedChunk& chunk) {
    // libewf puts the checksum of a stored chunk behind it and writes both at once.
    std::uint8_t* const end = chunk.bytes.data() + chunk.bytes.size();
    const ssize_t count = libewf_handle_write_chunk(
        handle.get(), chunk.bytes.data(), chunk.bytes.size(), chunk.content_bytes,
        chunk.compressed ? 1 : 0, end, chunk.checksum, chunk.compressed ? 0 : 1, error.receive());
    if (count != static_cast<ssize_t>(chunk.bytes.size())) {
        error.raise_io("cannot write", first().native(),
                       "the set has no end yet and cannot be continued: make room and start again");
    }
    written += chunk.content_bytes;
}

void EwfWriter::State::store_digest(const DigestSet& digests, Algorithm algorithm,
                                    int (*store)(libewf_handle_t*, std::uint8_t*, std::size_t,
                                                 libewf_error_t**)) {
    const auto found = digests.find(algorithm);
    if (found == digests.end()) return;
    std::optional<Bytes> value = from_hex(found->second);
    if (!value || value->size() != digest_bytes(algorithm)) {
        throw Error(ErrorKind::malformed, "not a digest: " + found->second);
    }
    check(store(handle.get(), value->data(), value->size(), error.receive()) == 1,
          "cannot store the digest of");
}

void EwfWriter::State::store_unread(const BadRanges& unread) {
    for (const BadRange& range : unread.all()) {
        const std::uint64_t begin = range.offset_bytes / options.sector_bytes;
        const std::uint64_t end = (range.end() + options.sector_bytes - 1) / options.sector_bytes;
        check(libewf_handle_append_acquiry_error(handle.get(), begin, end - begin,
                                                 error.receive()) == 1,
              "cannot store the unread sectors of");
    }
}

std::vector<EwfSegment> EwfWriter::State::make_durable() {
    std::vector<EwfSegment> segments;
    for (unsigned number = 1; number <= max_ewf_segments; ++number) {
        const fs::path path = options.folder / file_name(options, number);
        if (number > 1 && !name_is_taken(path)) break;
        File file = File::open_regular(path);
        // libewf lets everybody read what it makes.
        if (::fchmod(file.fd(), S_IRUSR | S_IWUSR) != 0) throw_errno("cannot write", file.name());
        file.sync();
        // Reading back must ask the disk, not the memory.
        ::posix_fadvise(file.fd(), 0, 0, POSIX_FADV_DONTNEED);
        segments.push_back({path.filename().native(), file.size()});
    }
    sync_folder(options.folder);
    return segments;
}

// libewf leaves out what it cannot write in several places without a word.
void EwfWriter::State::compare(const DigestSet& digests, const BadRanges& unread) const {
    const EwfReader reader(first());
    DigestSet expected;
    for (const Algorithm algorithm : {Algorithm::md5, Algorithm::sha1}) {
        const auto found = digests.find(algorithm);
        if (found != digests.end()) expected.insert(*found);
    }
    EwfHeader header = options.header;
    if (header.acquired_at)
        header.acquired_at = UtcTime::from_seconds(header.acquired_at->seconds());
    else
        header.acquired_at = reader.header().acquired_at;
    const char* differs = reader.media_bytes() != options.media_bytes     ? "size"
                          : reader.sector_bytes() != options.sector_bytes ? "sector size"
                          : reader.stored_digests() != expected           ? "digests"
                          : reader.unread().bytes() < unread.bytes()      ? "unread sectors"
                          : !(reader.header() == header)                  ? "header"
                                                                          : nullptr;
    if (differs) {
        throw Error(ErrorKind::io, "E01 set does not say what it was to say: " + first().native() +
                                       " (" + differs + ")");
    }
}

EwfWriter::EwfWriter(const EwfOptions& options) {
    check_ewf_options(options);
    state_ = std::make_unique<State>(options);
    state_->open();
}

EwfWriter::~EwfWriter() = default;

void EwfWriter::write(std::span<const ByteView> buffers, std::uint64_t offset) {
    State& state = *state_;
    std::uint64_t end = offset;
    for (ByteView bytes : buffers) end += bytes.size();
    if (offset != state.written || end > state.options.media_bytes) {
        throw Error(ErrorKind::io, "medium changed its size: " + state.first().native() +
                                       " (expected " + std::to_string(state.options.media_bytes) +
                                       " bytes)");
    }
    state.packer.pack(buffers, [&state](const EwfPackedChunk& chunk) { state.write_chunk(chunk); });
}

std::vector<EwfSegment> EwfWriter::finish(const DigestSet& digests, const BadRanges& unread) {
    State& state = *state_;
    if (state.written != state.options.media_bytes) {
        throw Error(ErrorKind::io, "medium ended early: " + std::to_string(state.written) +
                                       " bytes (expected " +
                                       std::to_string(state.options.media_bytes) + ")");
    }
    state.store_digest(digests, Algorithm::md5, libewf_handle_set_md5_hash);
    state.store_digest(digests, Algorithm::sha1, libewf_handle_set_sha1_hash);
    state.store_unread(unread);
    state.check(libewf_handle_write_finalize(state.handle.get(), state.error.receive()) >= 0,
                "cannot finish");
    state.check(libewf_handle_close(state.handle.get(), state.error.receive()) == 0,
                "cannot close");
    std::vector<EwfSegment> segments = state.make_durable();
    state.compare(digests, unread);
    return segments;
}

}  // namespace evidence
