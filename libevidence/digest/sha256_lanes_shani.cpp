// Compiled with the SHA extensions and SSE 4.1; see sha256_lanes_kernels.h for what that forbids.
//
// One SHA-256 keeps these instructions waiting for their own results most of the time; two or four
// independent ones, instruction by instruction in turn, fill the gaps.
#include "digest/sha256_shani.h"

namespace evidence {
namespace {

int word(const LaneStates& states, int index, std::size_t lane) {
    return static_cast<int>(states.words[index][lane]);
}

template <int streams>
void compress(LaneStates& states, const std::uint8_t* const* data, std::size_t first,
              std::size_t blocks) {
    Interleaved<streams> all;
    for (int i = 0; i < streams; ++i) {
        const std::size_t lane = first + static_cast<std::size_t>(i);
        all.abef[i] = _mm_set_epi32(word(states, 0, lane), word(states, 1, lane),
                                    word(states, 4, lane), word(states, 5, lane));
        all.cdgh[i] = _mm_set_epi32(word(states, 2, lane), word(states, 3, lane),
                                    word(states, 6, lane), word(states, 7, lane));
    }
    for (std::size_t block = 0; block < blocks; ++block) all.block(data + first, block * 64);
    for (int i = 0; i < streams; ++i) {
        const std::size_t lane = first + static_cast<std::size_t>(i);
        alignas(16) std::uint32_t feba[4];
        alignas(16) std::uint32_t hgdc[4];
        _mm_store_si128(reinterpret_cast<__m128i*>(feba), all.abef[i]);
        _mm_store_si128(reinterpret_cast<__m128i*>(hgdc), all.cdgh[i]);
        states.words[0][lane] = feba[3];
        states.words[1][lane] = feba[2];
        states.words[2][lane] = hgdc[3];
        states.words[3][lane] = hgdc[2];
        states.words[4][lane] = feba[1];
        states.words[5][lane] = feba[0];
        states.words[6][lane] = hgdc[1];
        states.words[7][lane] = hgdc[0];
    }
}

}  // namespace

void sha256_lanes_shani(LaneStates& states, const std::uint8_t* const* data, std::size_t count,
                        std::size_t blocks) {
    std::size_t first = 0;
    for (; count - first >= 4; first += 4) compress<4>(states, data, first, blocks);
    for (; count - first >= 2; first += 2) compress<2>(states, data, first, blocks);
    if (first < count) compress<1>(states, data, first, blocks);
}

}  // namespace evidence
