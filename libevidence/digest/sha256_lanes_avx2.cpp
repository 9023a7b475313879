// Compiled with AVX2; see sha256_lanes_kernels.h for what that forbids.
#include <immintrin.h>

#include "digest/sha256_lanes_vector.h"

namespace evidence {
namespace {

constexpr std::size_t lanes = 8;

struct EightLanes {
    using Word = __m256i;

    static Word load(const std::uint32_t* words) {
        return _mm256_load_si256(reinterpret_cast<const Word*>(words));
    }
    static void store(std::uint32_t* words, Word value) {
        _mm256_store_si256(reinterpret_cast<Word*>(words), value);
    }
    static Word repeat(std::uint32_t value) { return _mm256_set1_epi32(static_cast<int>(value)); }
    static Word add(Word x, Word y) { return _mm256_add_epi32(x, y); }
    template <int bits>
    static Word rotate(Word x) {
        return _mm256_or_si256(_mm256_srli_epi32(x, bits), _mm256_slli_epi32(x, 32 - bits));
    }
    template <int bits>
    static Word shift(Word x) {
        return _mm256_srli_epi32(x, bits);
    }
    static Word xor3(Word x, Word y, Word z) { return _mm256_xor_si256(x, _mm256_xor_si256(y, z)); }
    static Word choose(Word x, Word y, Word z) {
        return _mm256_xor_si256(z, _mm256_and_si256(x, _mm256_xor_si256(y, z)));
    }
    static Word majority(Word x, Word y, Word z) {
        return _mm256_or_si256(_mm256_and_si256(x, y), _mm256_and_si256(z, _mm256_or_si256(x, y)));
    }

    static Word big_endian(const std::uint8_t* bytes) {
        const Word order = _mm256_broadcastsi128_si256(
            _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
        return _mm256_shuffle_epi8(_mm256_loadu_si256(reinterpret_cast<const Word*>(bytes)), order);
    }

    // Rows of four words in each half become columns of four, in each half.
    [[gnu::always_inline]] static inline void transpose_words(Word* rows) {
        const Word low01 = _mm256_unpacklo_epi32(rows[0], rows[1]);
        const Word high01 = _mm256_unpackhi_epi32(rows[0], rows[1]);
        const Word low23 = _mm256_unpacklo_epi32(rows[2], rows[3]);
        const Word high23 = _mm256_unpackhi_epi32(rows[2], rows[3]);
        rows[0] = _mm256_unpacklo_epi64(low01, low23);
        rows[1] = _mm256_unpackhi_epi64(low01, low23);
        rows[2] = _mm256_unpacklo_epi64(high01, high23);
        rows[3] = _mm256_unpackhi_epi64(high01, high23);
    }

    [[gnu::always_inline]] static inline void load_half(const std::uint8_t* const* data,
                                                        std::size_t offset, Word* w) {
        Word rows[lanes];
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            rows[lane] = big_endian(data[lane] + offset);
        }
        transpose_words(rows);
        transpose_words(rows + 4);
        for (std::size_t word = 0; word < 4; ++word) {
            w[word] = _mm256_permute2x128_si256(rows[word], rows[4 + word], 0x20);
            w[4 + word] = _mm256_permute2x128_si256(rows[word], rows[4 + word], 0x31);
        }
    }

    // w[i] gets word i of the block of every lane.
    [[gnu::always_inline]] static inline void load_block(const std::uint8_t* const* data,
                                                         std::size_t offset, Word* w) {
        load_half(data, offset, w);
        load_half(data, offset + 32, w + 8);
    }
};

}  // namespace

void sha256_eight_lanes_avx2(LaneStates& states, const std::uint8_t* const* data,
                             std::size_t blocks) {
    Sha256Vectors<EightLanes>::compress(states, data, blocks);
}

}  // namespace evidence
