// Which inner loops (sha256_lanes_kernels.h) an engine has, for those who drive them. Private to
// the room.
//
// Thread rule: plain functions and values.
#pragma once

#include <array>
#include <cstdint>

#include "digest/sha256_lanes.h"
#include "digest/sha256_lanes_kernels.h"

namespace evidence {

inline constexpr std::size_t sha256_block_bytes = 64;

// FIPS 180-4 section 5.3.3
inline constexpr std::array<std::uint32_t, 8> initial_state = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

// `wide` costs the same however many of its lanes are in use; with fewer than `wide_pays`, `narrow`
// (whose cost goes with the lanes) is faster. Either may be missing; an engine of one lane has
// neither.
struct LaneKernels {
    using Wide = void (*)(LaneStates&, const std::uint8_t* const*, std::size_t);
    using Narrow = void (*)(LaneStates&, const std::uint8_t* const*, std::size_t, std::size_t);

    std::size_t lanes = 1;
    Wide wide = nullptr;
    std::size_t wide_pays = 1;
    Narrow narrow = nullptr;

    // Feeds `blocks` blocks from data[i] to lane i, for `live` lanes; the others of `data`, which
    // has max_lanes places, are overwritten. Precondition: more than one lane.
    void feed(LaneStates& states, std::array<const std::uint8_t*, max_lanes>& data,
              std::size_t live, std::size_t blocks) const {
        if (wide && (live >= wide_pays || !narrow)) {
            // Idle lanes compute along on bytes that are there; nobody looks at them.
            for (std::size_t i = live; i < max_lanes; ++i) data[i] = data[0];
            wide(states, data.data(), blocks);
        } else {
            narrow(states, data.data(), live, blocks);
        }
    }
};

// Error(unsupported) when the engine does not work here.
const LaneKernels& usable_kernels(Sha256Engine engine);

inline void put_big_endian(std::uint64_t value, std::size_t bytes, std::uint8_t* to) {
    for (std::size_t i = bytes; i-- > 0; value >>= 8) to[i] = static_cast<std::uint8_t>(value);
}

inline void start_lane(LaneStates& states, std::size_t lane) {
    for (std::size_t i = 0; i < 8; ++i) states.words[i][lane] = initial_state[i];
}

inline Sha256 digest_of_lane(const LaneStates& states, std::size_t lane) {
    Sha256 digest;
    for (std::size_t word = 0; word < 8; ++word) {
        put_big_endian(states.words[word][lane], 4, digest.data() + 4 * word);
    }
    return digest;
}

}  // namespace evidence
