// SHA-256 compression with one message per vector element, for any vector type: the rounds of
// FIPS 180-4 section 6.2.2 written once for AVX2 and AVX-512. Private to those two files, which
// bring the operations of their vectors as `Lanes` (in an unnamed namespace, so that what is
// instantiated here stays in their object file).
#pragma once

#include "digest/sha256_lanes_kernels.h"

namespace evidence {

template <class Lanes>
struct Sha256Vectors {
    using Word = typename Lanes::Word;

    struct Variables {
        Word a, b, c, d, e, f, g, h;
    };

    [[gnu::always_inline]] static inline void round(Word a, Word b, Word c, Word& d, Word e, Word f,
                                                    Word g, Word& h, std::uint32_t constant,
                                                    Word input) {
        const Word sigma1 = Lanes::xor3(Lanes::template rotate<6>(e), Lanes::template rotate<11>(e),
                                        Lanes::template rotate<25>(e));
        const Word sigma0 = Lanes::xor3(Lanes::template rotate<2>(a), Lanes::template rotate<13>(a),
                                        Lanes::template rotate<22>(a));
        const Word fed = Lanes::add(Lanes::add(h, Lanes::add(input, Lanes::repeat(constant))),
                                    Lanes::add(sigma1, Lanes::choose(e, f, g)));
        d = Lanes::add(d, fed);
        h = Lanes::add(fed, Lanes::add(sigma0, Lanes::majority(a, b, c)));
    }

    [[gnu::always_inline]] static inline void eight_rounds(Variables& v,
                                                           const std::uint32_t* constants,
                                                           const Word* w) {
        round(v.a, v.b, v.c, v.d, v.e, v.f, v.g, v.h, constants[0], w[0]);
        round(v.h, v.a, v.b, v.c, v.d, v.e, v.f, v.g, constants[1], w[1]);
        round(v.g, v.h, v.a, v.b, v.c, v.d, v.e, v.f, constants[2], w[2]);
        round(v.f, v.g, v.h, v.a, v.b, v.c, v.d, v.e, constants[3], w[3]);
        round(v.e, v.f, v.g, v.h, v.a, v.b, v.c, v.d, constants[4], w[4]);
        round(v.d, v.e, v.f, v.g, v.h, v.a, v.b, v.c, constants[5], w[5]);
        round(v.c, v.d, v.e, v.f, v.g, v.h, v.a, v.b, constants[6], w[6]);
        round(v.b, v.c, v.d, v.e, v.f, v.g, v.h, v.a, constants[7], w[7]);
    }

    // w[i] <- the message word sixteen rounds later.
    [[gnu::always_inline]] static inline void extend(Word* w, int i) {
        const Word near = w[(i + 14) % 16];
        const Word far = w[(i + 1) % 16];
        const Word sigma1 =
            Lanes::xor3(Lanes::template rotate<17>(near), Lanes::template rotate<19>(near),
                        Lanes::template shift<10>(near));
        const Word sigma0 =
            Lanes::xor3(Lanes::template rotate<7>(far), Lanes::template rotate<18>(far),
                        Lanes::template shift<3>(far));
        w[i] = Lanes::add(Lanes::add(w[i], w[(i + 9) % 16]), Lanes::add(sigma0, sigma1));
    }

    [[gnu::always_inline]] static inline void extend_eight(Word* w, int first) {
        extend(w, first);
        extend(w, first + 1);
        extend(w, first + 2);
        extend(w, first + 3);
        extend(w, first + 4);
        extend(w, first + 5);
        extend(w, first + 6);
        extend(w, first + 7);
    }

    [[gnu::always_inline]] static inline void all_rounds(Variables& v, Word* w) {
        eight_rounds(v, sha256_constants, w);
        eight_rounds(v, sha256_constants + 8, w + 8);
        for (int first = 16; first < 64; first += 16) {
            extend_eight(w, 0);
            eight_rounds(v, sha256_constants + first, w);
            extend_eight(w, 8);
            eight_rounds(v, sha256_constants + first + 8, w + 8);
        }
    }

    static void compress(LaneStates& states, const std::uint8_t* const* data, std::size_t blocks) {
        Variables sum = {Lanes::load(states.words[0]), Lanes::load(states.words[1]),
                         Lanes::load(states.words[2]), Lanes::load(states.words[3]),
                         Lanes::load(states.words[4]), Lanes::load(states.words[5]),
                         Lanes::load(states.words[6]), Lanes::load(states.words[7])};
        for (std::size_t block = 0; block < blocks; ++block) {
            Word w[16];
            Lanes::load_block(data, block * 64, w);
            Variables v = sum;
            all_rounds(v, w);
            sum = {Lanes::add(sum.a, v.a), Lanes::add(sum.b, v.b), Lanes::add(sum.c, v.c),
                   Lanes::add(sum.d, v.d), Lanes::add(sum.e, v.e), Lanes::add(sum.f, v.f),
                   Lanes::add(sum.g, v.g), Lanes::add(sum.h, v.h)};
        }
        Lanes::store(states.words[0], sum.a);
        Lanes::store(states.words[1], sum.b);
        Lanes::store(states.words[2], sum.c);
        Lanes::store(states.words[3], sum.d);
        Lanes::store(states.words[4], sum.e);
        Lanes::store(states.words[5], sum.f);
        Lanes::store(states.words[6], sum.g);
        Lanes::store(states.words[7], sum.h);
    }
};

}  // namespace evidence
