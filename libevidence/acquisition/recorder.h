// What the bytes of an object go to on their way into an item: raw files (object_recorder.h), an
// E01 set (ewf_recorder.h).
//
// Thread rule: consumers run on the threads of broadcast(); durable_bytes() may be asked by any
// thread; everything else belongs to one thread.
#pragma once

#include <optional>
#include <vector>

#include "acquisition/bad_ranges.h"
#include "acquisition/item_files.h"
#include "acquisition/zero_scan.h"
#include "base/broadcast.h"
#include "base/context.h"

namespace evidence {

struct ObjectFacts {
    std::uint64_t size_bytes = 0;        // of the medium, where segments hold one
    DigestSet digests;                   // likewise
    std::uint32_t crc32 = 0;             // likewise
    std::optional<Sha256> pieces_root;   // of all pieces of its files, when there are several
    std::vector<SegmentFacts> segments;  // when it is in segments
    ZeroReport zeros;
};

class Recorder {
public:
    virtual ~Recorder() = default;

    // One for each thing that is done; they refer to this recorder.
    virtual std::vector<BroadcastConsumer> consumers() = 0;
    virtual std::vector<BroadcastBatchConsumer> batch_consumers() = 0;
    // Up to where object and pieces are durable, everywhere, in whole pieces; 0 for an object that
    // cannot be gone on with. May be asked by any thread.
    virtual std::uint64_t durable_bytes() const = 0;
    // After a broadcast that failed: makes durable what can be. Error(io) when a disk is full: what
    // durable_bytes() says holds all the same.
    virtual void salvage() = 0;
    // After the broadcast: everything is durable when it returns. `unread` is where the bytes are
    // fill.
    virtual ObjectFacts finish(std::uint64_t size_bytes, const BadRanges& unread) = 0;
    // After finish(): compares what could not be compared behind the writer. Error(io),
    // Error(interrupted).
    virtual void read_back(const ObjectFacts& facts, const Context& context) const = 0;
};

}  // namespace evidence
