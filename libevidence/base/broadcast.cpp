#include "base/broadcast.h"

#include <algorithm>
#include <atomic>
#include <cassert>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>

#include "base/aligned_buffer.h"

namespace evidence {
namespace {

// Sequence counters: `published` buffers are readable; consumer i has passed `passed[i]` of them.
// A slot is written again only when every consumer has passed it. All waits are on the counters
// themselves (futex), so nobody spins or takes a lock per buffer.
class Ring {
public:
    Ring(std::size_t slots, std::size_t consumers)
        : slots_(slots), memory_(slots * broadcast_slot_bytes), sizes_(slots), passed_(consumers) {}

    MutableByteView slot(std::uint64_t sequence) {
        return {memory_.data() + sequence % slots_ * broadcast_slot_bytes, broadcast_slot_bytes};
    }

    // The writer's side: false when somebody failed.
    bool wait_until_free(std::uint64_t sequence) {
        for (auto& counter : passed_) {
            std::uint64_t seen = counter.load(std::memory_order_acquire);
            while (seen + slots_ <= sequence) {
                if (failed_) return false;
                counter.wait(seen, std::memory_order_acquire);
                seen = counter.load(std::memory_order_acquire);
            }
        }
        return !failed_;
    }

    void publish(std::uint64_t sequence, std::size_t size) {
        sizes_[sequence % slots_] = size;
        published_.store(sequence + 1, std::memory_order_release);
        published_.notify_all();
    }

    // The end is a buffer of size 0.
    void finish(std::uint64_t sequence) {
        ended_ = true;  // before the counter changes: who waits for more looks at it then
        publish(sequence, 0);
    }

    // A consumer's side: how many buffers from `sequence` on are readable, `wanted` unless the
    // input ended; 0 at the end or when somebody failed.
    std::size_t wait_for(std::uint64_t sequence, std::size_t wanted) {
        std::uint64_t seen = published_.load(std::memory_order_acquire);
        while (seen < sequence + wanted && !(ended_ && seen > sequence)) {
            if (failed_) return 0;
            published_.wait(seen, std::memory_order_acquire);
            seen = published_.load(std::memory_order_acquire);
        }
        // The end may have been seen before the buffers that came last.
        if (ended_) seen = published_.load(std::memory_order_acquire);
        if (failed_) return 0;  // then the counter says nothing
        const std::size_t count = std::min(static_cast<std::size_t>(seen - sequence), wanted);
        return sizes_[(sequence + count - 1) % slots_] == 0 ? count - 1 : count;
    }

    // Until another consumer has passed `end` buffers; false when somebody failed.
    bool wait_until_passed(std::size_t consumer, std::uint64_t end) {
        std::atomic<std::uint64_t>& counter = passed_[consumer];
        std::uint64_t seen = counter.load(std::memory_order_acquire);
        while (seen < end && !failed_) {
            counter.wait(seen, std::memory_order_acquire);
            seen = counter.load(std::memory_order_acquire);
        }
        return !failed_;
    }

    ByteView readable(std::uint64_t sequence) {
        return slot(sequence).first(sizes_[sequence % slots_]);
    }

    void pass(std::size_t consumer, std::uint64_t sequence) {
        passed_[consumer].store(sequence + 1, std::memory_order_release);
        passed_[consumer].notify_all();
    }

    void fail(std::exception_ptr error) {
        {
            const std::lock_guard lock(error_mutex_);
            if (!error_) error_ = std::move(error);
        }
        failed_ = true;
        // Change every counter so that nobody sleeps on an old value.
        published_.fetch_add(far_ahead);
        published_.notify_all();
        for (auto& counter : passed_) {
            counter.fetch_add(far_ahead);
            counter.notify_all();
        }
    }

    void rethrow_failure() const {
        if (error_) std::rethrow_exception(error_);
    }

private:
    static constexpr std::uint64_t far_ahead = std::uint64_t{1} << 48;

    std::size_t slots_;
    AlignedBuffer memory_;
    std::vector<std::size_t> sizes_;
    std::atomic<std::uint64_t> published_ = 0;
    std::vector<std::atomic<std::uint64_t>> passed_;
    std::atomic<bool> ended_ = false;
    std::atomic<bool> failed_ = false;
    std::mutex error_mutex_;
    std::exception_ptr error_;
};

void consume(Ring& ring, std::size_t index, const BroadcastConsumer& consumer) try {
    std::uint64_t offset = 0;
    for (std::uint64_t sequence = 0; ring.wait_for(sequence, 1) > 0; ++sequence) {
        const ByteView bytes = ring.readable(sequence);
        consumer(bytes, offset);
        offset += bytes.size();
        ring.pass(index, sequence);
    }
} catch (...) {
    ring.fail(std::current_exception());
}

// `first_batch` is the place in the ring of the first consumer of this kind.
void consume_batches(Ring& ring, std::size_t index, std::size_t first_batch,
                     const BroadcastBatchConsumer& consumer) try {
    std::vector<ByteView> buffers;
    std::uint64_t sequence = 0;
    std::uint64_t offset = 0;
    while (const std::size_t count = ring.wait_for(sequence, consumer.size)) {
        if (consumer.after &&
            !ring.wait_until_passed(first_batch + *consumer.after, sequence + count)) {
            return;
        }
        buffers.clear();
        for (std::size_t i = 0; i < count; ++i) buffers.push_back(ring.readable(sequence + i));
        consumer.consume(buffers, offset);
        for (ByteView bytes : buffers) offset += bytes.size();
        sequence += count;
        ring.pass(index, sequence - 1);
    }
} catch (...) {
    ring.fail(std::current_exception());
}

// One consumer's place in the ring, read like a file.
class PullStream {
public:
    PullStream(Ring& ring, std::size_t index) : ring_(ring), index_(index) {}

    std::size_t read(MutableByteView buffer) {
        std::size_t done = 0;
        while (done < buffer.size() && advance()) {
            const std::size_t count = std::min(buffer.size() - done, left_.size());
            std::copy_n(left_.begin(), count, buffer.begin() + static_cast<std::ptrdiff_t>(done));
            left_ = left_.subspan(count);
            done += count;
        }
        return done;
    }

    // Lets the others go on when this consumer has seen enough.
    void drain() {
        while (advance()) left_ = {};
    }

private:
    bool advance() {
        if (!left_.empty()) return true;
        if (at_end_) return false;
        if (holding_) ring_.pass(index_, sequence_++);
        holding_ = ring_.wait_for(sequence_, 1) > 0;
        at_end_ = !holding_;
        if (holding_) left_ = ring_.readable(sequence_);
        return holding_;
    }

    Ring& ring_;
    std::size_t index_;
    std::uint64_t sequence_ = 0;
    ByteView left_;
    bool holding_ = false;
    bool at_end_ = false;
};

void consume_by_pulling(Ring& ring, std::size_t index, const BroadcastPullConsumer& consumer) try {
    PullStream stream(ring, index);
    consumer([&stream](MutableByteView buffer) { return stream.read(buffer); });
    stream.drain();
} catch (...) {
    ring.fail(std::current_exception());
}

std::uint64_t produce(Ring& ring, const BroadcastReader& reader) try {
    std::uint64_t total = 0;
    for (std::uint64_t sequence = 0; ring.wait_until_free(sequence); ++sequence) {
        const std::size_t size = reader(ring.slot(sequence));
        if (size > 0) ring.publish(sequence, size);
        total += size;
        if (size < broadcast_slot_bytes) {
            const std::uint64_t end = size > 0 ? sequence + 1 : sequence;
            if (ring.wait_until_free(end)) ring.finish(end);
            break;
        }
    }
    return total;
} catch (...) {
    ring.fail(std::current_exception());
    return 0;
}

std::size_t slots_for(const std::vector<BroadcastBatchConsumer>& consumers) {
    std::size_t largest = 0, behind = 0;
    for (const BroadcastBatchConsumer& consumer : consumers) {
        assert(consumer.size >= 1 && consumer.size <= broadcast_batch_limit);
        largest = std::max(largest, consumer.size);
        if (!consumer.after) continue;
        assert(*consumer.after < consumers.size() && !consumers[*consumer.after].after);
        behind = std::max(behind, consumer.size);
    }
    return broadcast_slots + largest + behind;
}

using Threads = std::vector<std::jthread>;

// One thread for each consumer, with the next numbers in the ring.
template <typename Consumer>
void start(Ring& ring, Threads& threads, const std::vector<Consumer>& consumers,
           void (*run)(Ring&, std::size_t, const Consumer&)) {
    for (const Consumer& consumer : consumers) {
        threads.emplace_back(
            [&ring, &consumer, run, i = threads.size()] { run(ring, i, consumer); });
    }
}

void start_batches(Ring& ring, Threads& threads,
                   const std::vector<BroadcastBatchConsumer>& consumers) {
    const std::size_t first = threads.size();
    for (const BroadcastBatchConsumer& consumer : consumers) {
        assert(!consumer.after || *consumer.after < threads.size() - first);
        threads.emplace_back([&ring, &consumer, first, i = threads.size()] {
            consume_batches(ring, i, first, consumer);
        });
    }
}

}  // namespace

std::uint64_t broadcast(const BroadcastReader& reader, std::vector<BroadcastConsumer> consumers,
                        std::vector<BroadcastPullConsumer> pull_consumers,
                        std::vector<BroadcastBatchConsumer> batch_consumers) {
    Ring ring(slots_for(batch_consumers),
              consumers.size() + pull_consumers.size() + batch_consumers.size());
    std::uint64_t total = 0;
    {
        Threads threads;
        try {
            start(ring, threads, consumers, consume);
            start(ring, threads, pull_consumers, consume_by_pulling);
            start_batches(ring, threads, batch_consumers);
            total = produce(ring, reader);
        } catch (...) {
            ring.fail(std::current_exception());  // no thread could be started
        }
    }
    ring.rethrow_failure();
    return total;
}

struct BroadcastWriter::State {
    State(std::vector<BroadcastConsumer> given, std::vector<BroadcastBatchConsumer> given_batch)
        : ring(slots_for(given_batch), given.size() + given_batch.size()),
          consumers(std::move(given)),
          batch_consumers(std::move(given_batch)) {
        try {
            start(ring, threads, consumers, consume);
            start_batches(ring, threads, batch_consumers);
        } catch (...) {
            ring.fail(std::current_exception());  // no thread could be started
            threads.clear();
            throw;
        }
    }

    void publish() {
        ring.publish(sequence, filled);
        total += filled;
        filled = 0;
        ++sequence;
    }

    void stop() {
        threads.clear();
        ring.rethrow_failure();
    }

    Ring ring;
    std::vector<BroadcastConsumer> consumers;
    std::vector<BroadcastBatchConsumer> batch_consumers;
    std::uint64_t sequence = 0;
    std::size_t filled = 0;
    std::uint64_t total = 0;
    Threads threads;  // last: joined before the rest goes
};

BroadcastWriter::BroadcastWriter(std::vector<BroadcastConsumer> consumers,
                                 std::vector<BroadcastBatchConsumer> batch_consumers)
    : state_(std::make_unique<State>(std::move(consumers), std::move(batch_consumers))) {}

BroadcastWriter::~BroadcastWriter() {
    if (!state_->threads.empty()) state_->ring.fail(nullptr);
}

void BroadcastWriter::write(ByteView bytes) {
    State& state = *state_;
    while (!bytes.empty()) {
        if (state.filled == 0 && !state.ring.wait_until_free(state.sequence)) return state.stop();
        const MutableByteView room = state.ring.slot(state.sequence).subspan(state.filled);
        const std::size_t count = std::min(room.size(), bytes.size());
        std::copy_n(bytes.begin(), count, room.begin());
        state.filled += count;
        bytes = bytes.subspan(count);
        if (state.filled == broadcast_slot_bytes) state.publish();
    }
}

std::uint64_t BroadcastWriter::finish() {
    State& state = *state_;
    if (state.filled > 0) state.publish();
    if (state.ring.wait_until_free(state.sequence)) state.ring.finish(state.sequence);
    state.stop();
    return state.total;
}

}  // namespace evidence
