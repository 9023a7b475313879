// Everything that happens to an object's bytes on their way into an item, in one pass: written,
// hashed with each algorithm, cut into pieces, CRC-32.
#pragma once

#include <list>
#include <optional>
#include <vector>

#include "acquisition/item_files.h"
#include "acquisition/object_writer.h"
#include "acquisition/piece_recorder.h"
#include "base/broadcast.h"

namespace evidence {

struct ObjectFacts {
    std::uint64_t size_bytes = 0;
    DigestSet digests;
    std::uint32_t crc32 = 0;
    std::optional<Sha256> pieces_root;  // objects over 1 MiB
    ZeroReport zeros;
};

class ObjectRecorder {
public:
    // Creates the object in `folder`, or goes on with it behind `keep_bytes` (whole pieces).
    // `algorithms` must hold sha256. With `checkpoint_bytes`, object and pieces become durable
    // from time to time, first after so many bytes.
    ObjectRecorder(const fs::path& folder, ItemKind kind, const std::vector<Algorithm>& algorithms,
                   std::optional<std::uint64_t> preallocate_bytes, std::uint64_t keep_bytes = 0,
                   std::optional<std::uint64_t> checkpoint_bytes = {});

    // One for each thing that is done; they refer to this recorder.
    std::vector<BroadcastConsumer> consumers();
    std::vector<BroadcastBatchConsumer> batch_consumers();
    // Up to where object and pieces are durable, in whole pieces. May be asked by any thread.
    std::uint64_t durable_bytes() const;
    // After a broadcast that failed: what can be made durable of what was written. A piece of it is
    // given up, so that a full disk has room for the rest.
    std::uint64_t salvage();
    // After the broadcast: object and pieces.txt are durable when it returns.
    ObjectFacts finish(std::uint64_t size_bytes);

private:
    ObjectWriter writer_;
    PieceRecorder pieces_;
    std::list<MultiHasher> hashers_;  // one algorithm each, so that each has its own thread
};

}  // namespace evidence
