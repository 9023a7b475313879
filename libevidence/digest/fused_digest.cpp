#include "digest/fused_digest.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "base/error.h"
#include "base/hex.h"
#include "digest/cached_steps.h"
#include "digest/fused_digest_kernels.h"
#include "digest/sha256_lanes.h"

namespace evidence {
namespace {

constexpr std::size_t block_bytes = 64;

// RFC 1321 section 3.3; FIPS 180-4 sections 5.3.1 and 5.3.3.
constexpr FusedState initial_state = {{0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476},
                                      {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0},
                                      {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                       0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};

void feed(FusedChoice choice, FusedState& state, const std::uint8_t* data, std::size_t blocks) {
#ifdef EVIDENCE_SHA256_X86
    fused_blocks_shani(choice, state, data, blocks);
#else
    (void)choice, (void)state, (void)data, (void)blocks;
#endif
}

std::string hex_of(std::span<const std::uint32_t> words, bool big_endian) {
    Bytes bytes;
    for (const std::uint32_t word : words) {
        for (unsigned i = 0; i < 4; ++i) {
            bytes.push_back(static_cast<std::uint8_t>(word >> 8 * (big_endian ? 3 - i : i)));
        }
    }
    return to_hex(bytes);
}

// Against OpenSSL, each kernel for lengths around every boundary.
bool gives_right_answers(const std::vector<Algorithm>& algorithms) {
    Bytes message(1000);
    for (std::size_t i = 0; i < message.size(); ++i) message[i] = static_cast<std::uint8_t>(i * 7);
    FusedHasher fused(algorithms);
    for (const std::size_t size : {0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 300, 1000}) {
        const ByteView bytes = ByteView(message).first(size);
        fused.update(bytes.first(size / 3));
        fused.update(bytes.subspan(size / 3));
        DigestSet expected;
        for (const Algorithm algorithm : algorithms) {
            Hasher hasher(algorithm);
            hasher.update(bytes);
            expected[algorithm] = to_hex(hasher.finish());
        }
        if (fused.finish() != expected) return false;
    }
    return true;
}

bool all_give_right_answers() try {
    using enum Algorithm;
    const std::vector<Algorithm> sets[] = {
        {md5, sha1, sha256}, {md5, sha256}, {md5, sha1}, {sha1, sha256}};
    return std::all_of(std::begin(sets), std::end(sets), gives_right_answers);
} catch (const Error&) {
    return false;  // OpenSSL may not do MD5 here, and then nobody else does
}

}  // namespace

bool FusedHasher::knows(Algorithm algorithm) {
    return algorithm == Algorithm::md5 || algorithm == Algorithm::sha1 ||
           algorithm == Algorithm::sha256;
}

bool FusedHasher::works_here() {
    static const bool works = [] {
        const std::vector<Sha256Engine>& engines = usable_sha256_engines();
        const bool has_extensions =
            std::find(engines.begin(), engines.end(), Sha256Engine::shani) != engines.end();
        return has_extensions && all_give_right_answers();
    }();
    return works;
}

struct FusedHasher::State {
    // The padding of RFC 1321 sections 3.1 and 3.2, and of FIPS 180-4 section 5.1.1, which differ
    // in the byte order of the length.
    void pad_and_feed(FusedChoice algorithms, bool big_endian);

    FusedChoice choice{};
    FusedState values = initial_state;
    std::uint64_t size_bytes = 0;
    std::array<std::uint8_t, block_bytes> rest{};  // size_bytes % 64 bytes, not yet fed
};

FusedHasher::FusedHasher(const std::vector<Algorithm>& algorithms)
    : state_(std::make_unique<State>()) {
    for (const Algorithm algorithm : algorithms) {
        assert(knows(algorithm));
        state_->choice.md5 |= algorithm == Algorithm::md5;
        state_->choice.sha1 |= algorithm == Algorithm::sha1;
        state_->choice.sha256 |= algorithm == Algorithm::sha256;
    }
}

FusedHasher::~FusedHasher() = default;

void FusedHasher::update(ByteView bytes) {
    State& state = *state_;
    const std::size_t held = state.size_bytes % block_bytes;
    state.size_bytes += bytes.size();
    if (held > 0) {
        const std::size_t count = std::min(bytes.size(), block_bytes - held);
        std::copy_n(bytes.begin(), count, state.rest.begin() + static_cast<std::ptrdiff_t>(held));
        bytes = bytes.subspan(count);
        if (held + count < block_bytes) return;
        feed(state.choice, state.values, state.rest.data(), 1);
    }
    in_cached_steps(bytes, [&state](ByteView step) {
        feed(state.choice, state.values, step.data(), step.size() / block_bytes);
    });
    const ByteView rest = bytes.last(bytes.size() % block_bytes);
    std::copy(rest.begin(), rest.end(), state.rest.begin());
}

void FusedHasher::State::pad_and_feed(FusedChoice algorithms, bool big_endian) {
    std::array<std::uint8_t, 2 * block_bytes> tail{};
    const std::size_t held = size_bytes % block_bytes;
    std::copy_n(rest.begin(), held, tail.begin());
    tail[held] = 0x80;
    const std::size_t blocks = held < block_bytes - 8 ? 1 : 2;
    const std::uint64_t bits = size_bytes * 8;
    for (unsigned i = 0; i < 8; ++i) {
        tail[blocks * block_bytes - 8 + i] =
            static_cast<std::uint8_t>(bits >> 8 * (big_endian ? 7 - i : i));
    }
    feed(algorithms, values, tail.data(), blocks);
}

DigestSet FusedHasher::finish() {
    State& state = *state_;
    const FusedChoice choice = state.choice;
    if (choice.md5) state.pad_and_feed({true, false, false}, false);
    if (choice.sha1 || choice.sha256) {
        state.pad_and_feed({false, choice.sha1, choice.sha256}, true);
    }
    DigestSet digests;
    if (choice.md5) digests[Algorithm::md5] = hex_of(state.values.md5, false);
    if (choice.sha1) digests[Algorithm::sha1] = hex_of(state.values.sha1, true);
    if (choice.sha256) digests[Algorithm::sha256] = hex_of(state.values.sha256, true);
    state.values = initial_state;
    state.size_bytes = 0;
    return digests;
}

}  // namespace evidence
