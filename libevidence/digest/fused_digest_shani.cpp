// Compiled with the SHA extensions and SSE 4.1; see sha256_lanes_kernels.h for what that forbids.
//
// MD5 is one long chain of additions and rotations that leaves most of a processor idle; SHA-1 and
// SHA-256 of the same block fit into the gaps, four rounds of each in turn.
#include "digest/fused_digest_kernels.h"
#include "digest/sha256_shani.h"

namespace evidence {
namespace {

constexpr std::uint32_t md5_constants[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391};

struct Md5 {
    std::uint32_t v[4];  // a b c d of round 0; each round they change places

    template <int round>
    [[gnu::always_inline]] inline void one_round(const std::uint8_t* block) {
        constexpr int place[4] = {round % 16, (5 * round + 1) % 16, (3 * round + 5) % 16,
                                  7 * round % 16};
        constexpr int turns[4][4] = {
            {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};
        constexpr int turn = turns[round / 16][round % 4];
        std::uint32_t& a = v[(64 - round) % 4];
        const std::uint32_t b = v[(65 - round) % 4];
        const std::uint32_t c = v[(66 - round) % 4];
        const std::uint32_t d = v[(67 - round) % 4];
        std::uint32_t word;
        __builtin_memcpy(&word, block + 4 * place[round / 16], 4);  // little-endian, as x86 is
        a += word + md5_constants[round];
        if constexpr (round < 16) a += d ^ (b & (c ^ d));
        // A sum, as no bit is in both: what does not wait for b is done before.
        if constexpr (round >= 16 && round < 32) a = (a + (c & ~d)) + (b & d);
        if constexpr (round >= 32 && round < 48) a += b ^ (c ^ d);
        if constexpr (round >= 48) a += c ^ (b | ~d);
        a = b + ((a << turn) | (a >> (32 - turn)));
    }

    template <int first>
    [[gnu::always_inline]] inline void four_rounds(const std::uint8_t* block) {
        one_round<first>(block);
        one_round<first + 1>(block);
        one_round<first + 2>(block);
        one_round<first + 3>(block);
    }
};

// Words a b c d, first word highest, and e as the instructions carry it along.
struct Sha1 {
    __m128i abcd, e;

    // Four rounds; w[group % 4] holds their message words and is given those of four groups on.
    template <int group>
    [[gnu::always_inline]] inline void four_rounds(__m128i (&w)[4]) {
        const __m128i fed =
            group == 0 ? _mm_add_epi32(e, w[0]) : _mm_sha1nexte_epu32(e, w[group % 4]);
        e = abcd;
        abcd = _mm_sha1rnds4_epu32(abcd, fed, group / 5);
        if constexpr (group < 16) {
            const __m128i sum = _mm_xor_si128(_mm_sha1msg1_epu32(w[group % 4], w[(group + 1) % 4]),
                                              w[(group + 2) % 4]);
            w[group % 4] = _mm_sha1msg2_epu32(sum, w[(group + 3) % 4]);
        }
    }
};

[[gnu::always_inline]] inline __m128i load(const std::uint8_t* from) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
}

template <bool md5, bool sha1, bool sha256>
struct Fused {
    Md5 m;
    Sha1 s;
    Interleaved<1> l;

    template <int step>
    [[gnu::always_inline]] inline void steps(const std::uint8_t* block, __m128i (&ws)[4],
                                             __m128i (&wl)[4]) {
        if constexpr (md5) m.template four_rounds<4 * step>(block);
        if constexpr (sha256) {
            l.four_rounds(sha256_constants + 4 * step, step < 12, &wl[step % 4],
                          &wl[(step + 1) % 4], &wl[(step + 2) % 4], &wl[(step + 3) % 4]);
        }
        // Twenty groups in sixteen steps.
        if constexpr (sha1) {
            constexpr int group = step + step / 4;
            s.template four_rounds<group>(ws);
            if constexpr (step % 4 == 3) s.template four_rounds<group + 1>(ws);
        }
        if constexpr (step < 15) steps<step + 1>(block, ws, wl);
    }

    [[gnu::always_inline]] inline void block(const std::uint8_t* data) {
        const __m128i reversed = _mm_set_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        const __m128i swapped = _mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3);
        __m128i ws[4] = {}, wl[4] = {};
        for (int i = 0; i < 4; ++i) {
            const __m128i in = load(data + 16 * i);
            if constexpr (sha1) ws[i] = _mm_shuffle_epi8(in, reversed);
            if constexpr (sha256) wl[i] = _mm_shuffle_epi8(in, swapped);
        }
        const Fused before = *this;
        steps<0>(data, ws, wl);
        if constexpr (md5) {
            for (int i = 0; i < 4; ++i) m.v[i] += before.m.v[i];
        }
        if constexpr (sha1) {
            s.e = _mm_sha1nexte_epu32(s.e, before.s.e);
            s.abcd = _mm_add_epi32(s.abcd, before.s.abcd);
        }
        if constexpr (sha256) {
            l.abef[0] = _mm_add_epi32(l.abef[0], before.l.abef[0]);
            l.cdgh[0] = _mm_add_epi32(l.cdgh[0], before.l.cdgh[0]);
        }
    }
};

[[gnu::always_inline]] inline int word(std::uint32_t value) { return static_cast<int>(value); }

template <bool md5, bool sha1, bool sha256>
void run(FusedState& state, const std::uint8_t* data, std::size_t blocks) {
    Fused<md5, sha1, sha256> all;
    for (int i = 0; i < 4; ++i) all.m.v[i] = state.md5[i];
    const std::uint32_t* const s = state.sha1;
    all.s.abcd = _mm_set_epi32(word(s[0]), word(s[1]), word(s[2]), word(s[3]));
    all.s.e = _mm_set_epi32(word(s[4]), 0, 0, 0);
    const std::uint32_t* const l = state.sha256;
    all.l.abef[0] = _mm_set_epi32(word(l[0]), word(l[1]), word(l[4]), word(l[5]));
    all.l.cdgh[0] = _mm_set_epi32(word(l[2]), word(l[3]), word(l[6]), word(l[7]));
    for (std::size_t i = 0; i < blocks; ++i) all.block(data + 64 * i);
    if constexpr (md5) {
        for (int i = 0; i < 4; ++i) state.md5[i] = all.m.v[i];
    }
    alignas(16) std::uint32_t high[4];
    alignas(16) std::uint32_t low[4];
    if constexpr (sha1) {
        _mm_store_si128(reinterpret_cast<__m128i*>(high), all.s.abcd);
        _mm_store_si128(reinterpret_cast<__m128i*>(low), all.s.e);
        for (int i = 0; i < 4; ++i) state.sha1[i] = high[3 - i];
        state.sha1[4] = low[3];
    }
    if constexpr (sha256) {
        _mm_store_si128(reinterpret_cast<__m128i*>(high), all.l.abef[0]);
        _mm_store_si128(reinterpret_cast<__m128i*>(low), all.l.cdgh[0]);
        const std::uint32_t words[8] = {high[3], high[2], low[3], low[2],
                                        high[1], high[0], low[1], low[0]};
        for (int i = 0; i < 8; ++i) state.sha256[i] = words[i];
    }
}

}  // namespace

void fused_blocks_shani(FusedChoice choice, FusedState& state, const std::uint8_t* data,
                        std::size_t blocks) {
    using Run = void (*)(FusedState&, const std::uint8_t*, std::size_t);
    constexpr Run runs[2][2][2] = {
        {{nullptr, run<false, false, true>}, {run<false, true, false>, run<false, true, true>}},
        {{run<true, false, false>, run<true, false, true>},
         {run<true, true, false>, run<true, true, true>}}};
    const Run chosen = runs[choice.md5][choice.sha1][choice.sha256];
    if (chosen) chosen(state, data, blocks);
}

}  // namespace evidence
