#include "digest/sha256_steps.h"

#include <algorithm>

#include "base/error.h"
#include "digest/sha256_lane_kernels.h"

namespace evidence {
namespace {

constexpr std::size_t min_messages = 4;

}  // namespace

struct Sha256Steps::State {
    State(std::size_t messages, Sha256Engine engine)
        : kernels(usable_kernels(engine)), live(messages) {
        for (std::size_t i = 0; i < live; ++i) start_lane(states, i);
        if (kernels.lanes > 1) return;
        for (std::size_t i = 0; i < live; ++i) hashers.emplace_back(Algorithm::sha256);
    }

    const LaneKernels& kernels;
    std::size_t live;
    LaneStates states{};
    std::array<const std::uint8_t*, max_lanes> data{};
    std::uint64_t bytes = 0;      // of each message so far
    std::vector<Hasher> hashers;  // of an engine without lanes
};

std::size_t Sha256Steps::max_messages(Sha256Engine engine) {
    return std::max(min_messages, sha256_lanes(engine));
}

Sha256Steps::Sha256Steps(std::size_t messages, Sha256Engine engine) {
    if (messages == 0 || messages > max_messages(engine)) {
        throw Error(ErrorKind::usage, "number of messages: " + std::to_string(messages) +
                                          " (expected 1 to " +
                                          std::to_string(max_messages(engine)) + ")");
    }
    state_ = std::make_unique<State>(messages, engine);
}

Sha256Steps::~Sha256Steps() = default;

void Sha256Steps::update(std::span<const ByteView> parts) {
    State& state = *state_;
    const std::size_t size = parts.empty() ? 0 : parts.front().size();
    const auto has_size = [size](ByteView part) { return part.size() == size; };
    if (parts.size() != state.live || size % sha256_block_bytes != 0 ||
        !std::all_of(parts.begin(), parts.end(), has_size)) {
        throw Error(ErrorKind::usage,
                    "parts do not fit (expected one of each message, whole blocks of one size)");
    }
    state.bytes += size;
    if (!state.hashers.empty()) {
        for (std::size_t i = 0; i < state.live; ++i) state.hashers[i].update(parts[i]);
        return;
    }
    for (std::size_t i = 0; i < state.live; ++i) state.data[i] = parts[i].data();
    state.kernels.feed(state.states, state.data, state.live, size / sha256_block_bytes);
}

void Sha256Steps::finish(std::span<Sha256> digests) {
    State& state = *state_;
    if (!state.hashers.empty()) {
        for (std::size_t i = 0; i < state.live; ++i) digests[i] = state.hashers[i].finish_sha256();
        return;
    }
    // Whole blocks are padded by one more (FIPS 180-4 section 5.1.1).
    std::array<std::uint8_t, sha256_block_bytes> padding{};
    padding[0] = 0x80;
    put_big_endian(state.bytes * 8, 8, padding.data() + padding.size() - 8);
    state.data.fill(padding.data());
    state.kernels.feed(state.states, state.data, state.live, 1);
    for (std::size_t i = 0; i < state.live; ++i) digests[i] = digest_of_lane(state.states, i);
}

}  // namespace evidence
