#include "acquisition/ewf_writer.h"

#include <list>

#include "acquisition/chunk_workers.h"
#include "acquisition/ewf_set_writer.h"
#include "base/error.h"

namespace evidence {

struct EwfWriter::State {
    State(const EwfOptions& given, const std::optional<fs::path>& second_folder)
        : options(given),
          packer(static_cast<std::size_t>(ewf_sectors_per_chunk(given) * given.sector_bytes),
                 given.compression, given.workers > 0 ? given.workers : default_worker_count()) {
        sets.emplace_back(given);
        if (!second_folder) return;
        EwfOptions second = given;
        second.folder = *second_folder;
        sets.emplace_back(second);
    }

    void write(const EwfPackedChunk& chunk) {
        for (EwfSetWriter& set : sets) set.write(chunk);
        written += chunk.content_bytes;
    }

    const EwfOptions options;
    std::uint64_t written = 0;
    EwfChunkPacker packer;
    std::list<EwfSetWriter> sets;  // all of them alike, byte for byte
};

EwfWriter::EwfWriter(const EwfOptions& options, const std::optional<fs::path>& second_folder) {
    check_ewf_options(options);
    state_ = std::make_unique<State>(options, second_folder);
}

EwfWriter::~EwfWriter() = default;

void EwfWriter::write(std::span<const ByteView> buffers, std::uint64_t offset) {
    State& state = *state_;
    std::uint64_t end = offset;
    for (ByteView bytes : buffers) end += bytes.size();
    if (offset != state.written || end > state.options.media_bytes) {
        throw Error(ErrorKind::io, "medium changed its size (expected " +
                                       std::to_string(state.options.media_bytes) + " bytes)");
    }
    state.packer.pack(buffers, [&state](const EwfPackedChunk& chunk) { state.write(chunk); });
}

std::vector<EwfSegment> EwfWriter::finish(const DigestSet& digests, const BadRanges& unread) {
    State& state = *state_;
    if (state.written != state.options.media_bytes) {
        throw Error(ErrorKind::io, "medium ended early: " + std::to_string(state.written) +
                                       " bytes (expected " +
                                       std::to_string(state.options.media_bytes) + ")");
    }
    std::vector<EwfSegment> segments;
    for (EwfSetWriter& set : state.sets) segments = set.finish(digests, unread);
    return segments;
}

}  // namespace evidence
