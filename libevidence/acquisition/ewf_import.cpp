#include "acquisition/ewf_import.h"

#include <algorithm>
#include <cerrno>

#include "acquisition/ewf_medium.h"
#include "acquisition/ewf_reader.h"
#include "acquisition/file_copy.h"
#include "acquisition/file_measures.h"
#include "base/error.h"
#include "digest/crc32.h"
#include "digest/parallel_digests.h"

namespace evidence {
namespace {

// The content in order, with what is damaged in it.
class Content {
public:
    Content(EwfReader& reader, const fs::path& source, OnError on_error, const Context& context)
        : reader_(reader), source_(source), on_error_(on_error), context_(context) {}

    std::size_t read(MutableByteView buffer) {
        context_.check_interrupted();
        const auto wanted = static_cast<std::size_t>(
            std::min<std::uint64_t>(buffer.size(), reader_.media_bytes() - position_));
        std::size_t done = 0;
        while (done < wanted) done += read_part(buffer.first(wanted).subspan(done));
        context_.progress.advance(done);
        return done;
    }

    const BadRanges& damaged() const { return damaged_; }

private:
    std::size_t read_part(MutableByteView part) {
        ssize_t count = reader_.read_at(part, position_);
        // What failed was perhaps only one of many chunks.
        const std::uint64_t chunk_end =
            (position_ / reader_.chunk_bytes() + 1) * std::uint64_t{reader_.chunk_bytes()};
        const MutableByteView chunk = part.first(
            static_cast<std::size_t>(std::min<std::uint64_t>(part.size(), chunk_end - position_)));
        if (count < 0) count = reader_.read_at(chunk, position_);
        if (count == 0) count = -EIO;
        if (count < 0) {
            note_damage(chunk.size(), static_cast<int>(-count));
            std::fill(chunk.begin(), chunk.end(), std::uint8_t{0});
            count = static_cast<ssize_t>(chunk.size());
        }
        position_ += static_cast<std::uint64_t>(count);
        return static_cast<std::size_t>(count);
    }

    void note_damage(std::size_t size, int error_number) {
        damaged_.add({position_, size, error_number});
        context_.progress.unreadable(damaged_.bytes());
        if (on_error_ == OnError::fill) return;
        throw Error(
            ErrorKind::io,
            "damaged image: " + source_.native() + " (the content at byte " +
                std::to_string(position_) + " cannot be read)",
            "look for a better copy; --on-error fill with --keep-mismatch takes it in as it is");
    }

    EwfReader& reader_;
    const fs::path& source_;
    OnError on_error_;
    const Context& context_;
    std::uint64_t position_ = 0;
    BadRanges damaged_;
};

// In order, joined where they overlap.
BadRanges joined(const BadRanges& first, const BadRanges& second) {
    std::vector<BadRange> all = first.all();
    all.insert(all.end(), second.all().begin(), second.all().end());
    std::sort(all.begin(), all.end(),
              [](const BadRange& a, const BadRange& b) { return a.offset_bytes < b.offset_bytes; });
    BadRanges result;
    std::uint64_t end = 0;
    for (BadRange range : all) {
        if (range.end() <= end) continue;
        const std::uint64_t from = std::max(range.offset_bytes, end);
        result.add({from, range.end() - from, range.error_number});
        end = range.end();
    }
    return result;
}

std::string mismatch_of(const DigestSet& stored, const DigestSet& found) {
    std::string text;
    for (const auto& [algorithm, expected] : stored) {
        const std::string& value = found.at(algorithm);
        if (value == expected) continue;
        text += (text.empty() ? "" : ", ") + std::string(name_of(algorithm)) + " " + value +
                " (the image says " + expected + ")";
    }
    return text;
}

struct CopiedFile {
    std::string name, sha256;
};

// To all folders in one pass.
std::vector<CopiedFile> copy_files(const EwfReader& source, const fs::path& first,
                                   const std::vector<fs::path>& folders, FreeSpaceWatch& room,
                                   const Context& context) {
    std::uint64_t total = 0, copied = 0;
    for (const EwfSegment& segment : source.segments()) total += segment.size_bytes;
    context.progress.start("copying " + first.native(), total);
    std::vector<CopiedFile> files;
    for (const EwfSegment& segment : source.segments()) {
        const std::string name = segment_file_name(ItemKind::e01, files.size());
        std::vector<fs::path> copies;
        for (const fs::path& folder : folders) copies.push_back(folder / name);
        room.look(copied);
        const std::string sha256 = copy_file_durably(
            first.parent_path() / segment.name, copies,
            [&](std::uint64_t bytes) {
                context.progress.advance(bytes);
                copied += bytes;
                room.look(copied);
            },
            context);
        files.push_back({name, sha256});
    }
    context.progress.finish();
    return files;
}

void copy_set(const EwfReader& source, const fs::path& first, const std::vector<fs::path>& folders,
              FreeSpaceWatch& room, EwfImport& result, const Context& context) {
    const std::vector<CopiedFile> files = copy_files(source, first, folders, room, context);
    std::vector<std::string> names;
    for (const CopiedFile& file : files) names.push_back(file.name);
    const fs::path& folder = folders.front();
    FileMeasures measures = measure_files(folder, names, folder / pieces_file_name, context);
    for (std::size_t i = 0; i < files.size(); ++i) {
        if (measures.files[i].digests.at(Algorithm::sha256) == files[i].sha256) continue;
        throw_not_kept(folder / names[i], files[i].sha256);
    }
    for (std::size_t i = 1; i < folders.size(); ++i) {
        for (const CopiedFile& file : files) {
            require_kept(folders[i] / file.name, file.sha256, context);
        }
    }
    result.object.segments = std::move(measures.files);
    result.object.pieces_root = measures.pieces_root;
}

// Size, digests, CRC-32 and zeros of what a reader gives out.
void measure_content(const BroadcastReader& read, const std::vector<Algorithm>& algorithms,
                     ObjectFacts& object) {
    ParallelDigests digests(algorithms);
    std::vector<BroadcastConsumer> consumers = digests.consumers();
    ZeroScan zeros;
    std::uint32_t crc = 0;
    consumers.push_back([&](ByteView bytes, std::uint64_t) {
        crc = crc32(crc, bytes);
        zeros.add(bytes, false);
    });
    object.size_bytes = broadcast(read, std::move(consumers));
    object.digests = digests.finish();
    object.crc32 = crc;
    object.zeros = zeros.report();
}

// As verification will read it; false when it cannot.
bool measure_strictly(const fs::path& folder, std::size_t files, std::uint64_t media_bytes,
                      const std::vector<Algorithm>& algorithms, EwfImport& result,
                      const Context& context) try {
    EwfMediumReader reader(whole_files(folder, segment_file_names(ItemKind::e01, files)));
    context.progress.start("reading the image", media_bytes);
    measure_content(
        [&](MutableByteView buffer) {
            context.check_interrupted();
            const std::size_t count = reader.read(buffer);
            context.progress.advance(count);
            return count;
        },
        algorithms, result.object);
    context.progress.finish();
    return true;
} catch (const Error& error) {
    if (error.kind() != ErrorKind::malformed && error.kind() != ErrorKind::unsupported) throw;
    result.objection = error.message();
    return false;
}

}  // namespace

EwfImport import_ewf_set(const fs::path& first, const std::vector<fs::path>& folders,
                         const std::vector<Algorithm>& algorithms, OnError on_error,
                         FreeSpaceWatch& room, const Context& context) {
    EwfImport result;
    const EwfReader source(first);
    copy_set(source, first, folders, room, result, context);

    const fs::path& folder = folders.front();
    EwfReader copy(folder / segment_file_name(ItemKind::e01, 0));
    result.header = copy.header();
    result.stored = copy.stored_digests();
    result.sector_bytes = copy.sector_bytes();
    std::vector<Algorithm> all = algorithms;
    for (const auto& [algorithm, value] : result.stored) {
        if (std::find(all.begin(), all.end(), algorithm) == all.end()) all.push_back(algorithm);
    }
    Content content(copy, first, on_error, context);
    if (!measure_strictly(folder, result.object.segments.size(), copy.media_bytes(), all, result,
                          context)) {
        context.progress.start("reading the image once more", copy.media_bytes());
        measure_content([&](MutableByteView buffer) { return content.read(buffer); }, all,
                        result.object);
        context.progress.finish();
    }
    result.mismatch = mismatch_of(result.stored, result.object.digests);
    result.unread = joined(copy.unread(), content.damaged());
    return result;
}

}  // namespace evidence
