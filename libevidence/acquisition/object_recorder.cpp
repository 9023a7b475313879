#include "acquisition/object_recorder.h"

namespace evidence {
namespace {

// Buffers of 1 MiB written at a time: fewer, larger requests leave more of the processors to the
// digests, most of all where a virtual disk is served by the same ones.
constexpr std::size_t write_batch = 8;

}  // namespace

ObjectRecorder::ObjectRecorder(const fs::path& folder, ItemKind kind,
                               const std::vector<Algorithm>& algorithms,
                               std::optional<std::uint64_t> preallocate_bytes)
    : writer_(folder / object_file_name(kind), preallocate_bytes), pieces_(folder / "pieces.txt") {
    for (Algorithm algorithm : algorithms) hashers_.emplace_back(std::vector{algorithm});
}

std::vector<BroadcastConsumer> ObjectRecorder::consumers() {
    std::vector<BroadcastConsumer> all;
    for (MultiHasher& hasher : hashers_) {
        all.push_back([&hasher](ByteView bytes, std::uint64_t) { hasher.update(bytes); });
    }
    return all;
}

std::vector<BroadcastBatchConsumer> ObjectRecorder::batch_consumers() {
    return {{piece_batch_size(),
             [this](std::span<const ByteView> pieces, std::uint64_t) { pieces_.add(pieces); }},
            {write_batch, [this](std::span<const ByteView> buffers, std::uint64_t offset) {
                 writer_.write(buffers, offset);
             }}};
}

ObjectFacts ObjectRecorder::finish(std::uint64_t size_bytes) {
    writer_.finish(size_bytes);
    pieces_.finish();
    ObjectFacts facts{size_bytes, {}, pieces_.crc32(), pieces_.pieces_root(), pieces_.zeros()};
    for (MultiHasher& hasher : hashers_) facts.digests.merge(hasher.finish());
    return facts;
}

}  // namespace evidence
