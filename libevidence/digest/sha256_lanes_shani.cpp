// Compiled with the SHA extensions and SSE 4.1; see sha256_lanes_kernels.h for what that forbids.
//
// One SHA-256 keeps these instructions waiting for their own results most of the time; two or four
// independent ones, instruction by instruction in turn, fill the gaps.
#include <immintrin.h>

#include "digest/sha256_lanes_kernels.h"

namespace evidence {
namespace {

// The state as the instructions want it: words a b e f and c d g h, first word highest.
template <int streams>
struct Interleaved {
    __m128i abef[streams];
    __m128i cdgh[streams];

    // Four rounds of every stream. w0 holds their message words, w1 w2 w3 the twelve after; when
    // there are rounds sixteen further on, w0 is given theirs.
    [[gnu::always_inline]] inline void four_rounds(const std::uint32_t* constants, bool extend,
                                                   __m128i* w0, const __m128i* w1,
                                                   const __m128i* w2, const __m128i* w3) {
        const __m128i k = _mm_loadu_si128(reinterpret_cast<const __m128i*>(constants));
        __m128i fed[streams];
        for (int i = 0; i < streams; ++i) fed[i] = _mm_add_epi32(w0[i], k);
        for (int i = 0; i < streams; ++i) {
            cdgh[i] = _mm_sha256rnds2_epu32(cdgh[i], abef[i], fed[i]);
        }
        for (int i = 0; i < streams; ++i) {
            abef[i] = _mm_sha256rnds2_epu32(abef[i], cdgh[i], _mm_shuffle_epi32(fed[i], 0x0e));
        }
        if (!extend) return;
        for (int i = 0; i < streams; ++i) {
            const __m128i sum =
                _mm_add_epi32(_mm_sha256msg1_epu32(w0[i], w1[i]), _mm_alignr_epi8(w3[i], w2[i], 4));
            w0[i] = _mm_sha256msg2_epu32(sum, w3[i]);
        }
    }

    [[gnu::always_inline]] inline void sixteen_rounds(const std::uint32_t* constants, bool extend,
                                                      __m128i (&w)[4][streams]) {
        four_rounds(constants, extend, w[0], w[1], w[2], w[3]);
        four_rounds(constants + 4, extend, w[1], w[2], w[3], w[0]);
        four_rounds(constants + 8, extend, w[2], w[3], w[0], w[1]);
        four_rounds(constants + 12, extend, w[3], w[0], w[1], w[2]);
    }

    [[gnu::always_inline]] inline void block(const std::uint8_t* const* data, std::size_t offset) {
        const __m128i order = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
        __m128i w[4][streams];
        for (int i = 0; i < streams; ++i) {
            const __m128i* in = reinterpret_cast<const __m128i*>(data[i] + offset);
            w[0][i] = _mm_shuffle_epi8(_mm_loadu_si128(in), order);
            w[1][i] = _mm_shuffle_epi8(_mm_loadu_si128(in + 1), order);
            w[2][i] = _mm_shuffle_epi8(_mm_loadu_si128(in + 2), order);
            w[3][i] = _mm_shuffle_epi8(_mm_loadu_si128(in + 3), order);
        }
        const Interleaved before = *this;
        sixteen_rounds(sha256_constants, true, w);
        sixteen_rounds(sha256_constants + 16, true, w);
        sixteen_rounds(sha256_constants + 32, true, w);
        sixteen_rounds(sha256_constants + 48, false, w);
        for (int i = 0; i < streams; ++i) {
            abef[i] = _mm_add_epi32(abef[i], before.abef[i]);
            cdgh[i] = _mm_add_epi32(cdgh[i], before.cdgh[i]);
        }
    }
};

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
