#include "digest/sha256_stream.h"

#include <algorithm>

#include "digest/cached_steps.h"
#include "digest/sha256_lane_kernels.h"

namespace evidence {
namespace {

using ChainingValue = std::array<std::uint32_t, 8>;

void load(LaneStates& states, std::size_t lane, const ChainingValue& value) {
    for (std::size_t i = 0; i < value.size(); ++i) states.words[i][lane] = value[i];
}

void store(const LaneStates& states, std::size_t lane, ChainingValue& value) {
    for (std::size_t i = 0; i < value.size(); ++i) value[i] = states.words[i][lane];
}

}  // namespace

// Only an engine whose cost goes with the number of lanes serves one or two messages; without one
// OpenSSL does.
struct Sha256Stream::State {
    explicit State(Sha256Engine engine) : narrow(usable_kernels(engine).narrow) {}

    // Completes a block that was begun; what is left of the bytes then starts a block.
    ByteView finish_block(ByteView bytes);
    void feed(const std::uint8_t* data, std::size_t blocks);
    void keep(ByteView bytes);

    const LaneKernels::Narrow narrow;
    ChainingValue value = initial_state;
    std::uint64_t size_bytes = 0;
    std::array<std::uint8_t, sha256_block_bytes> rest{};  // size_bytes % 64 bytes, not yet fed
    Hasher hasher{Algorithm::sha256};                     // where there is no such engine
};

ByteView Sha256Stream::State::finish_block(ByteView bytes) {
    const std::size_t held = size_bytes % sha256_block_bytes;
    if (held == 0) return bytes;
    const std::size_t count = std::min(bytes.size(), sha256_block_bytes - held);
    std::copy_n(bytes.begin(), count, rest.begin() + static_cast<std::ptrdiff_t>(held));
    size_bytes += count;
    if (held + count == sha256_block_bytes) feed(rest.data(), 1);
    return bytes.subspan(count);
}

void Sha256Stream::State::feed(const std::uint8_t* data, std::size_t blocks) {
    LaneStates states;
    load(states, 0, value);
    in_cached_steps({data, blocks * sha256_block_bytes}, [&](ByteView step) {
        const std::uint8_t* const at = step.data();
        narrow(states, &at, 1, step.size() / sha256_block_bytes);
    });
    store(states, 0, value);
}

// Precondition: no block is begun unless there are no bytes.
void Sha256Stream::State::keep(ByteView bytes) {
    const std::size_t blocks = bytes.size() / sha256_block_bytes;
    feed(bytes.data(), blocks);
    const ByteView left = bytes.subspan(blocks * sha256_block_bytes);
    std::copy(left.begin(), left.end(), rest.begin());
    size_bytes += bytes.size();
}

Sha256Stream::Sha256Stream(Sha256Engine engine) : state_(std::make_unique<State>(engine)) {}
Sha256Stream::~Sha256Stream() = default;

bool Sha256Stream::pairs_pay(Sha256Engine engine) { return usable_kernels(engine).narrow; }

void Sha256Stream::update(ByteView bytes) {
    if (state_->narrow) {
        state_->keep(state_->finish_block(bytes));
    } else {
        state_->hasher.update(bytes);
    }
}

void Sha256Stream::update_both(Sha256Stream& one, Sha256Stream& other, ByteView bytes) {
    State *const first = one.state_.get(), *const second = other.state_.get();
    if (!first->narrow) {
        one.update(bytes);
        other.update(bytes);
        return;
    }
    // Blocks begin at different places in the bytes when the messages had different lengths.
    const ByteView ours = first->finish_block(bytes), theirs = second->finish_block(bytes);
    const std::size_t fed =
        std::min(ours.size(), theirs.size()) / sha256_block_bytes * sha256_block_bytes;
    LaneStates states;
    load(states, 0, first->value);
    load(states, 1, second->value);
    in_cached_steps(ours.first(fed), [&](ByteView step) {
        // Less than a block away, so near enough.
        const std::uint8_t* const data[] = {step.data(),
                                            theirs.data() + (step.data() - ours.data())};
        first->narrow(states, data, 2, step.size() / sha256_block_bytes);
    });
    store(states, 0, first->value);
    store(states, 1, second->value);
    first->size_bytes += fed;
    second->size_bytes += fed;
    first->keep(ours.subspan(fed));
    second->keep(theirs.subspan(fed));
}

Sha256 Sha256Stream::finish() {
    State& state = *state_;
    if (!state.narrow) return state.hasher.finish_sha256();
    const std::uint64_t bits = state.size_bytes * 8;
    // FIPS 180-4 section 5.1.1: a bit, zeros, and the length in the last eight bytes of a block.
    const std::size_t held = state.size_bytes % sha256_block_bytes;
    std::array<std::uint8_t, 2 * sha256_block_bytes> padding{};
    padding[0] = 0x80;
    const std::size_t size =
        (held < sha256_block_bytes - 8 ? sha256_block_bytes : 2 * sha256_block_bytes) - held;
    put_big_endian(bits, 8, padding.data() + size - 8);
    update(ByteView(padding).first(size));
    Sha256 digest;
    for (std::size_t i = 0; i < state.value.size(); ++i) {
        put_big_endian(state.value[i], 4, digest.data() + 4 * i);
    }
    state.value = initial_state;
    state.size_bytes = 0;
    return digest;
}

}  // namespace evidence
