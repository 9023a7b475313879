// One reader, several consumers, a fixed ring of buffers: each byte is read once and seen by every
// consumer, and memory does not grow with the input.
//
//     reader -> [ 8 buffers of 1 MiB ] -> hash, hash, write ...   (one thread each)
//
// With consumers that take batches the ring has as many buffers more as the largest batch, and as
// the batches of those that come after others.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/bytes.h"

namespace evidence {

inline constexpr std::size_t broadcast_slot_bytes = mib;
inline constexpr std::size_t broadcast_slots = 8;

// Fills the buffer from its start and returns how much; less than its size only at the end of the
// input, 0 when there was nothing left. Runs on the calling thread (so it may report progress and
// look for interruption).
using BroadcastReader = std::function<std::size_t(MutableByteView buffer)>;

// Sees every buffer in order; `offset` counts from 0. Buffers are 1 MiB but for the last, are
// page-aligned, and are valid during the call only.
using BroadcastConsumer = std::function<void(ByteView bytes, std::uint64_t offset)>;

// The same stream for consumers that pull (libarchive's readers): called once, on a thread of its
// own, with a function that fills a buffer and returns 0 at the end. It may return early.
using BroadcastPull = std::function<std::size_t(MutableByteView buffer)>;
using BroadcastPullConsumer = std::function<void(const BroadcastPull& pull)>;

// The same stream, several buffers at a time, for consumers that do better with many (piece
// digests). `consume` sees `size` buffers at once, fewer only at the end of the input and never
// none; `offset` is that of the first. All of them are 1 MiB but for the last of the input. `size`
// is at least 1 and at most broadcast_batch_limit. With `after`, buffers come only once the batch
// consumer of that place in the list, an earlier one that comes after nobody, is done with them.
inline constexpr std::size_t broadcast_batch_limit = 16;
struct BroadcastBatchConsumer {
    std::size_t size;
    std::function<void(std::span<const ByteView> buffers, std::uint64_t offset)> consume;
    std::optional<std::size_t> after = {};
};

// Returns the number of bytes read once every consumer has seen all of them. The first exception
// thrown by the reader or a consumer stops the others and is thrown here.
std::uint64_t broadcast(const BroadcastReader& reader, std::vector<BroadcastConsumer> consumers,
                        std::vector<BroadcastPullConsumer> pull_consumers = {},
                        std::vector<BroadcastBatchConsumer> batch_consumers = {});

// The same ring for producers that push (libarchive's writers).
//
// Thread rule: belongs to the producing thread.
class BroadcastWriter {
public:
    explicit BroadcastWriter(std::vector<BroadcastConsumer> consumers,
                             std::vector<BroadcastBatchConsumer> batch_consumers = {});
    ~BroadcastWriter();  // without finish(): the consumers are stopped where they are
    BroadcastWriter(const BroadcastWriter&) = delete;
    BroadcastWriter& operator=(const BroadcastWriter&) = delete;

    // Blocks while the ring is full. Throws the first failure of a consumer.
    void write(ByteView bytes);
    // Returns the number of bytes written once every consumer has seen all of them.
    std::uint64_t finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace evidence
