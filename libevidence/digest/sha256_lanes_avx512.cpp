// Compiled with AVX-512 F and BW; see sha256_lanes_kernels.h for what that forbids.
#include <immintrin.h>

#include "digest/sha256_lanes_vector.h"

namespace evidence {
namespace {

struct SixteenLanes {
    using Word = __m512i;

    static Word load(const std::uint32_t* words) { return _mm512_load_si512(words); }
    static void store(std::uint32_t* words, Word value) { _mm512_store_si512(words, value); }
    static Word repeat(std::uint32_t value) { return _mm512_set1_epi32(static_cast<int>(value)); }
    static Word add(Word x, Word y) { return _mm512_add_epi32(x, y); }
    template <int bits>
    static Word rotate(Word x) {
        return _mm512_ror_epi32(x, bits);
    }
    template <int bits>
    static Word shift(Word x) {
        return _mm512_srli_epi32(x, bits);
    }
    // The constants are truth tables: bit (4x + 2y + z) is the answer for the bits x, y, z.
    static Word xor3(Word x, Word y, Word z) { return _mm512_ternarylogic_epi32(x, y, z, 0x96); }
    static Word choose(Word x, Word y, Word z) { return _mm512_ternarylogic_epi32(x, y, z, 0xca); }
    static Word majority(Word x, Word y, Word z) {
        return _mm512_ternarylogic_epi32(x, y, z, 0xe8);
    }

    static Word big_endian(const std::uint8_t* bytes) {
        const Word order = _mm512_broadcast_i32x4(
            _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
        return _mm512_shuffle_epi8(_mm512_loadu_si512(bytes), order);
    }

    // Rows of four words in each quarter become columns of four, in each quarter.
    [[gnu::always_inline]] static inline void transpose_words(Word* rows) {
        const Word low01 = _mm512_unpacklo_epi32(rows[0], rows[1]);
        const Word high01 = _mm512_unpackhi_epi32(rows[0], rows[1]);
        const Word low23 = _mm512_unpacklo_epi32(rows[2], rows[3]);
        const Word high23 = _mm512_unpackhi_epi32(rows[2], rows[3]);
        rows[0] = _mm512_unpacklo_epi64(low01, low23);
        rows[1] = _mm512_unpackhi_epi64(low01, low23);
        rows[2] = _mm512_unpacklo_epi64(high01, high23);
        rows[3] = _mm512_unpackhi_epi64(high01, high23);
    }

    // The same for quarters of 128 bits of four vectors; to[0], to[4], to[8], to[12].
    [[gnu::always_inline]] static inline void transpose_quarters(Word a, Word b, Word c, Word d,
                                                                 Word* to) {
        const Word even_ab = _mm512_shuffle_i32x4(a, b, 0x88);  // quarters 0 2 of a, then of b
        const Word odd_ab = _mm512_shuffle_i32x4(a, b, 0xdd);   // quarters 1 3
        const Word even_cd = _mm512_shuffle_i32x4(c, d, 0x88);
        const Word odd_cd = _mm512_shuffle_i32x4(c, d, 0xdd);
        to[0] = _mm512_shuffle_i32x4(even_ab, even_cd, 0x88);
        to[4] = _mm512_shuffle_i32x4(odd_ab, odd_cd, 0x88);
        to[8] = _mm512_shuffle_i32x4(even_ab, even_cd, 0xdd);
        to[12] = _mm512_shuffle_i32x4(odd_ab, odd_cd, 0xdd);
    }

    // w[i] gets word i of the block of every lane.
    [[gnu::always_inline]] static inline void load_block(const std::uint8_t* const* data,
                                                         std::size_t offset, Word* w) {
        Word rows[max_lanes];
        for (std::size_t lane = 0; lane < max_lanes; ++lane) {
            rows[lane] = big_endian(data[lane] + offset);
        }
        for (std::size_t lane = 0; lane < max_lanes; lane += 4) transpose_words(rows + lane);
        for (std::size_t word = 0; word < 4; ++word) {
            transpose_quarters(rows[word], rows[4 + word], rows[8 + word], rows[12 + word],
                               w + word);
        }
    }
};

}  // namespace

void sha256_sixteen_lanes_avx512(LaneStates& states, const std::uint8_t* const* data,
                                 std::size_t blocks) {
    Sha256Vectors<SixteenLanes>::compress(states, data, blocks);
}

}  // namespace evidence
