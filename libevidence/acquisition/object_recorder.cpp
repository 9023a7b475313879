#include "acquisition/object_recorder.h"

#include <algorithm>

namespace evidence {
namespace {

// Buffers of 1 MiB written at a time: fewer, larger requests leave more of the processors to the
// digests, most of all where a virtual disk is served by the same ones.
constexpr std::size_t write_batch = 8;

}  // namespace

ObjectRecorder::ObjectRecorder(const fs::path& folder, ItemKind kind,
                               const std::vector<Algorithm>& algorithms,
                               std::optional<std::uint64_t> preallocate_bytes,
                               std::uint64_t keep_bytes,
                               std::optional<std::uint64_t> checkpoint_bytes)
    : writer_(keep_bytes > 0 ? ObjectWriter::reopen(folder / object_file_name(kind), keep_bytes,
                                                    preallocate_bytes)
                             : ObjectWriter(folder / object_file_name(kind), preallocate_bytes)),
      pieces_(folder / "pieces.txt") {
    if (checkpoint_bytes) {
        writer_.sync_after(*checkpoint_bytes);
        pieces_.sync_after(*checkpoint_bytes);
    }
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

std::uint64_t ObjectRecorder::durable_bytes() const {
    return std::min(writer_.durable_bytes(), pieces_.durable_bytes()) / piece_bytes * piece_bytes;
}

std::uint64_t ObjectRecorder::salvage() {
    const std::uint64_t before = durable_bytes();
    const std::uint64_t whole = writer_.written_bytes() / piece_bytes * piece_bytes;
    // Never less than what an earlier acquisition has left.
    const std::uint64_t keep =
        std::max({before, writer_.kept_bytes(), whole - std::min(whole, piece_bytes)});
    writer_.cut(keep);
    pieces_.sync();
    return durable_bytes();
}

ObjectFacts ObjectRecorder::finish(std::uint64_t size_bytes) {
    writer_.finish(size_bytes);
    pieces_.finish();
    ObjectFacts facts{size_bytes, {}, pieces_.crc32(), pieces_.pieces_root(), pieces_.zeros()};
    for (MultiHasher& hasher : hashers_) facts.digests.merge(hasher.finish());
    return facts;
}

}  // namespace evidence
