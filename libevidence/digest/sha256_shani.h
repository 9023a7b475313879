// SHA-256 (FIPS 180-4 section 6.2.2) with the SHA extensions, several streams instruction by
// instruction in turn. For files compiled with these extensions only: see sha256_lanes_kernels.h
// for what that forbids. Private to the room.
//
// Thread rule: plain values.
#pragma once

#include <immintrin.h>

#include "digest/sha256_lanes_kernels.h"

namespace evidence {
namespace {  // every file its own copy

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

}  // namespace
}  // namespace evidence
