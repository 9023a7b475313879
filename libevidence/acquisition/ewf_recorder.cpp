#include "acquisition/ewf_recorder.h"

#include <algorithm>

#include "acquisition/ewf_medium.h"
#include "acquisition/file_copy.h"
#include "acquisition/file_measures.h"
#include "acquisition/read_back.h"
#include "base/error.h"
#include "base/folder.h"
#include "base/hex.h"
#include "digest/piece_batch.h"

namespace evidence {
namespace {

constexpr std::size_t write_batch = 4;  // buffers of 1 MiB packed side by side
constexpr std::string_view content_pieces_name = "content-pieces.txt";

std::vector<Algorithm> with(std::vector<Algorithm> algorithms, Algorithm wanted) {
    if (std::find(algorithms.begin(), algorithms.end(), wanted) == algorithms.end()) {
        algorithms.push_back(wanted);
    }
    return algorithms;
}

}  // namespace

EwfRecorder::EwfRecorder(const EwfOptions& options, std::optional<fs::path> second_folder,
                         std::vector<Algorithm> algorithms, const Context& context)
    : folder_(options.folder),
      second_folder_(std::move(second_folder)),
      context_(context),
      writer_(options, second_folder_),
      pieces_(options.folder / content_pieces_name),
      digests_(with(with(std::move(algorithms), Algorithm::md5), Algorithm::sha1)) {}

std::vector<BroadcastConsumer> EwfRecorder::consumers() { return digests_.consumers(); }

std::vector<BroadcastBatchConsumer> EwfRecorder::batch_consumers() {
    return {{piece_batch_size(),
             [this](std::span<const ByteView> pieces, std::uint64_t) { pieces_.add(pieces); }},
            {write_batch, [this](std::span<const ByteView> buffers, std::uint64_t offset) {
                 writer_.write(buffers, offset);
             }}};
}

ObjectFacts EwfRecorder::finish(std::uint64_t size_bytes, const BadRanges& unread) {
    ObjectFacts facts;
    facts.size_bytes = size_bytes;
    facts.crc32 = pieces_.crc32();
    facts.zeros = pieces_.zeros();
    facts.digests = digests_.finish();
    pieces_.finish();
    if (pieces_.pieces_root()) {
        content_pieces_ = File::open_regular(folder_ / content_pieces_name);
        remove_if_there(folder_ / content_pieces_name);
    }
    std::vector<std::string> names;
    for (const EwfSegment& segment : writer_.finish(facts.digests, unread)) {
        names.push_back(segment.name);
    }
    FileMeasures measures = measure_files(folder_, names, folder_ / pieces_file_name, context_);
    if (second_folder_) {
        for (std::size_t i = 0; i < names.size(); ++i) {
            require_kept(*second_folder_ / names[i],
                         measures.files[i].digests.at(Algorithm::sha256), context_);
        }
    }
    facts.segments = std::move(measures.files);
    facts.pieces_root = measures.pieces_root;
    return facts;
}

void EwfRecorder::read_back(const ObjectFacts& facts, const Context& context) const {
    const fs::path first = folder_ / segment_file_name(ItemKind::e01, 0);
    context.progress.start("reading back", facts.size_bytes);
    std::uint64_t piece = 0;
    PieceBatchHasher hasher([&](const Sha256& found) {
        std::string expected = facts.digests.at(Algorithm::sha256);
        if (content_pieces_.is_open()) {
            Bytes line(pieces_line_bytes - 1);
            content_pieces_.read_exactly_at(line, piece * pieces_line_bytes);
            expected = as_text(line);
        }
        if (to_hex(found) != expected) throw_read_back_differs(first, piece * piece_bytes);
        ++piece;
    });
    std::uint64_t size = 0;
    const auto read = [&](EwfMediumReader& set, MutableByteView buffer) {
        context.check_interrupted();
        const std::size_t count = set.read(buffer);
        context.progress.advance(count);
        size += count;
        return count;
    };
    try {
        // Read by the decoder that did not write it.
        EwfMediumReader set(
            whole_files(folder_, segment_file_names(ItemKind::e01, facts.segments.size())));
        broadcast([&](MutableByteView buffer) { return read(set, buffer); }, {}, {},
                  {{piece_batch_size(), [&hasher](std::span<const ByteView> pieces, std::uint64_t) {
                        hasher.update(pieces);
                    }}});
    } catch (const Error& error) {
        if (error.kind() != ErrorKind::malformed) throw;
        throw_read_back_differs(first, size);
    }
    if (size != facts.size_bytes) throw_read_back_differs(first, size);
    context.progress.finish();
}

}  // namespace evidence
