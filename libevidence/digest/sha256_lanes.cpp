#include "digest/sha256_lanes.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>

#include "base/error.h"
#include "base/hex.h"
#include "digest/cached_steps.h"
#include "digest/sha256_lane_kernels.h"

#ifdef EVIDENCE_SHA256_X86
#include <cpuid.h>
#endif

namespace evidence {
namespace {

constexpr std::size_t engine_count = 4;
constexpr std::array<std::string_view, engine_count> engine_names = {"openssl", "avx2", "shani",
                                                                     "avx512"};
constexpr std::array<Sha256Engine, engine_count> all_engines = {
    Sha256Engine::openssl, Sha256Engine::avx2, Sha256Engine::shani, Sha256Engine::avx512};

constexpr std::size_t blocks_ahead = 16;

// A message's way through one lane: its whole blocks where they lie, then its last bytes with the
// padding of section 5.1.1.
struct Lane {
    const std::uint8_t* at = nullptr;
    std::size_t blocks = 0;  // left at `at`
    std::size_t tail_blocks = 0;
    std::array<std::uint8_t, 2 * sha256_block_bytes> tail;
    std::size_t tag = 0;

    void start(const LaneMessage& message) {
        const std::size_t size = message.bytes.size();
        const ByteView rest = message.bytes.last(size % sha256_block_bytes);
        tail_blocks = rest.size() < sha256_block_bytes - 8 ? 1 : 2;
        const auto padding = std::copy(rest.begin(), rest.end(), tail.begin());
        std::fill(padding, tail.end(), std::uint8_t{0});
        *padding = 0x80;
        put_big_endian(std::uint64_t{size} * 8, 8,
                       tail.data() + tail_blocks * sha256_block_bytes - 8);
        tag = message.tag;
        at = message.bytes.data();
        blocks = size / sha256_block_bytes;
        if (blocks == 0) go_to_tail();
    }

    // What comes after the next blocks_ahead.
    void ask_ahead() const {
        const std::size_t left = std::min(blocks, 2 * blocks_ahead);
        if (left <= blocks_ahead) return;
        ask_for(
            {at + blocks_ahead * sha256_block_bytes, (left - blocks_ahead) * sha256_block_bytes});
    }

    void go_to_tail() {
        at = tail.data();
        blocks = std::exchange(tail_blocks, 0);
    }
};

// The lanes 0 .. live_-1 have a message each. When one ends and there is no other, the last one
// takes its place.
class LaneSet {
public:
    explicit LaneSet(const LaneKernels& kernels) : kernels_(kernels) {
        for (std::size_t i = 0; i < max_lanes; ++i) lanes_[i] = &storage_[i];
    }

    void run(const NextLaneMessage& next, const LaneMessageDone& done) {
        for (;;) {
            while (more_ && live_ < kernels_.lanes) start_next(next);
            if (live_ == 0) return;
            step();
            for (std::size_t i = 0; i < live_;) {
                Lane& lane = *lanes_[i];
                if (lane.blocks == 0 && lane.tail_blocks > 0) lane.go_to_tail();
                data_[i] = lane.at;
                if (lane.blocks > 0) {
                    ++i;
                } else {
                    done(lane.tag, digest_of_lane(states_, i));
                    remove(i);
                }
            }
        }
    }

private:
    void start_next(const NextLaneMessage& next) {
        const std::optional<LaneMessage> message = next();
        more_ = message.has_value();
        if (!message) return;
        Lane& lane = *lanes_[live_];
        lane.start(*message);
        data_[live_] = lane.at;
        start_lane(states_, live_);
        ++live_;
    }

    // As many blocks as every lane still has at the place where it reads, and not more than the
    // lanes together hold near: so many streams at once are not foreseen by the processor.
    void step() {
        std::size_t blocks = lanes_[0]->blocks;
        for (std::size_t i = 1; i < live_; ++i) blocks = std::min(blocks, lanes_[i]->blocks);
        blocks = std::min(blocks, blocks_ahead);
        for (std::size_t i = 0; i < live_; ++i) lanes_[i]->ask_ahead();
        kernels_.feed(states_, data_, live_, blocks);
        for (std::size_t i = 0; i < live_; ++i) {
            lanes_[i]->at += blocks * sha256_block_bytes;
            lanes_[i]->blocks -= blocks;
        }
    }

    void remove(std::size_t i) {
        --live_;
        std::swap(lanes_[i], lanes_[live_]);
        data_[i] = data_[live_];
        for (auto& words : states_.words) words[i] = words[live_];
    }

    const LaneKernels kernels_;
    LaneStates states_{};
    std::array<Lane, max_lanes> storage_;
    std::array<Lane*, max_lanes> lanes_;  // swapped instead of the lanes
    std::array<const std::uint8_t*, max_lanes> data_{};
    std::size_t live_ = 0;
    bool more_ = true;
};

void hash_one_by_one(const NextLaneMessage& next, const LaneMessageDone& done) {
    while (const std::optional<LaneMessage> message = next()) {
        done(message->tag, sha256(message->bytes));
    }
}

#ifdef EVIDENCE_SHA256_X86

// EBX bit 29 of leaf 7. The registers of these instructions are those every x86-64 system saves.
bool has_sha_extensions() {
    unsigned int eax = 0, ebx = 0, ecx = 0, edx = 0;
    return __get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) != 0 && (ebx >> 29 & 1) != 0;
}

// __builtin_cpu_supports also asks whether the operating system saves the wide registers.
bool processor_has(Sha256Engine engine) {
    switch (engine) {
        case Sha256Engine::openssl:
            return true;
        case Sha256Engine::avx2:
            return __builtin_cpu_supports("avx2") != 0;
        case Sha256Engine::shani:
            return has_sha_extensions() && __builtin_cpu_supports("ssse3") != 0 &&
                   __builtin_cpu_supports("sse4.1") != 0;
        case Sha256Engine::avx512:
            return __builtin_cpu_supports("avx512f") != 0 &&
                   __builtin_cpu_supports("avx512bw") != 0;
    }
    return false;
}

// Zen 3 and Zen 4: what there is of 512 bits goes through units of 256, at half the rate. Measured
// on Zen 4: 2865 MiB/s against 3530 with the SHA extensions.
bool halves_wide_vectors() { return __builtin_cpu_is("amdfam19h") != 0; }

// Where 16 lanes in the time of one become faster than four: others' engines of this shape do
// 5.5 GiB/s on Zen 5 against 3.4 GiB/s with the SHA extensions.
constexpr std::size_t sixteen_lanes_pay = 10;

LaneKernels kernels_of(Sha256Engine engine, bool shani_works) {
    const LaneKernels::Narrow narrow = shani_works ? sha256_lanes_shani : nullptr;
    switch (engine) {
        case Sha256Engine::openssl:
            return {};
        case Sha256Engine::avx2:
            return {.lanes = 8, .wide = sha256_eight_lanes_avx2};
        case Sha256Engine::shani:
            return {.lanes = 4, .narrow = sha256_lanes_shani};
        case Sha256Engine::avx512:
            return {.lanes = 16,
                    .wide = sha256_sixteen_lanes_avx512,
                    .wide_pays = sixteen_lanes_pay,
                    .narrow = narrow};
    }
    return {};
}

#else

bool processor_has(Sha256Engine engine) { return engine == Sha256Engine::openssl; }

bool halves_wide_vectors() { return false; }

LaneKernels kernels_of(Sha256Engine, bool) { return {}; }

#endif

void run(const LaneKernels& kernels, const NextLaneMessage& next, const LaneMessageDone& done) {
    if (kernels.lanes == 1) {
        hash_one_by_one(next, done);
    } else {
        LaneSet(kernels).run(next, done);
    }
}

void run_many(const LaneKernels& kernels, std::span<const ByteView> messages,
              std::span<Sha256> digests) {
    std::size_t started = 0;
    run(
        kernels,
        [&]() -> std::optional<LaneMessage> {
            if (started == messages.size()) return std::nullopt;
            const std::size_t tag = started++;
            return LaneMessage{messages[tag], tag};
        },
        [&](std::size_t tag, const Sha256& digest) { digests[tag] = digest; });
}

// The examples NIST gives with FIPS 180.
struct KnownAnswer {
    std::string_view message;
    std::string_view digest;
};
constexpr std::array known_answers = {
    KnownAnswer{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    KnownAnswer{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    KnownAnswer{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    KnownAnswer{"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqkl"
                "mnopqrlmnopqrsmnopqrstnopqrstu",
                "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"}};

bool gives_known_answers(const LaneKernels& kernels) {
    std::vector<ByteView> messages;
    for (const KnownAnswer& answer : known_answers) messages.push_back(as_bytes(answer.message));
    std::vector<Sha256> digests(messages.size());
    run_many(kernels, messages, digests);
    for (std::size_t i = 0; i < messages.size(); ++i) {
        if (to_hex(digests[i]) != known_answers[i].digest) return false;
    }
    return true;
}

// Different bytes in every lane, every length at which the padding changes, every number of lanes
// in use: from one message alone up to all of them.
bool agrees_with_openssl(const LaneKernels& kernels) {
    Bytes text(700);
    for (std::size_t i = 0; i < text.size(); ++i)
        text[i] = static_cast<std::uint8_t>(i * i + 7 * i);
    std::vector<ByteView> messages;
    for (std::size_t length : {0,   1,   55,  56,  57,  63,  64, 65, 119, 120, 121, 127,
                               128, 129, 191, 192, 320, 383, 55, 64, 119, 600, 64,  311}) {
        messages.push_back(ByteView(text).subspan(messages.size(), length));
    }
    std::vector<Sha256> expected;
    for (ByteView message : messages) expected.push_back(sha256(message));
    for (std::size_t count = 1; count <= messages.size(); ++count) {
        std::vector<Sha256> digests(count);
        run_many(kernels, std::span(messages).last(count), digests);
        if (!std::equal(digests.begin(), digests.end(),
                        expected.end() - static_cast<std::ptrdiff_t>(count)))
            return false;
    }
    return true;
}

struct Decision {
    std::vector<Sha256Engine> usable;
    std::array<LaneKernels, engine_count> kernels;
};

Decision decide() {
    Decision decision;
    bool shani_works = false;
    for (Sha256Engine engine : all_engines) {
        if (!processor_has(engine)) continue;
        const LaneKernels kernels = kernels_of(engine, shani_works);
        if (!gives_known_answers(kernels) || !agrees_with_openssl(kernels)) {
            if (engine != Sha256Engine::openssl) continue;
            throw Error(ErrorKind::crypto,
                        "sha-256 gives wrong digests: OpenSSL (expected those "
                        "of FIPS 180)");
        }
        decision.usable.push_back(engine);
        decision.kernels[static_cast<std::size_t>(engine)] = kernels;
        shani_works = shani_works || engine == Sha256Engine::shani;
    }
    if (shani_works && halves_wide_vectors()) {
        auto& usable = decision.usable;
        std::stable_partition(usable.begin(), usable.end(),
                              [](Sha256Engine engine) { return engine != Sha256Engine::shani; });
    }
    return decision;
}

const Decision& decision() {
    static const Decision decided = decide();
    return decided;
}

}  // namespace

const LaneKernels& usable_kernels(Sha256Engine engine) {
    const auto& usable = usable_sha256_engines();
    if (std::find(usable.begin(), usable.end(), engine) == usable.end()) {
        std::string names;
        for (Sha256Engine each : usable) {
            names.append(names.empty() ? "" : ", ").append(name_of(each));
        }
        throw Error(ErrorKind::unsupported,
                    "sha-256 engine does not work here: " + std::string(name_of(engine)) +
                        " (expected " + names + ")");
    }
    return decision().kernels[static_cast<std::size_t>(engine)];
}

constexpr int none_chosen = -1;
std::atomic<int> chosen_engine = none_chosen;

std::string_view name_of(Sha256Engine engine) {
    return engine_names[static_cast<std::size_t>(engine)];
}

std::optional<Sha256Engine> sha256_engine_named(std::string_view name) {
    for (Sha256Engine engine : all_engines) {
        if (name_of(engine) == name) return engine;
    }
    return std::nullopt;
}

const std::vector<Sha256Engine>& usable_sha256_engines() { return decision().usable; }

Sha256Engine engine_in_use() {
    const int engine = chosen_engine.load(std::memory_order_relaxed);
    return engine == none_chosen ? usable_sha256_engines().back()
                                 : static_cast<Sha256Engine>(engine);
}

void choose_sha256_engine(Sha256Engine engine) {
    usable_kernels(engine);
    chosen_engine = static_cast<int>(engine);
}

std::size_t sha256_lanes(Sha256Engine engine) { return usable_kernels(engine).lanes; }

void sha256_many(std::span<const ByteView> messages, std::span<Sha256> digests) {
    sha256_many(engine_in_use(), messages, digests);
}

void sha256_many(Sha256Engine engine, std::span<const ByteView> messages,
                 std::span<Sha256> digests) {
    assert(messages.size() == digests.size());
    run_many(usable_kernels(engine), messages, digests);
}

void sha256_each(Sha256Engine engine, const NextLaneMessage& next, const LaneMessageDone& done) {
    run(usable_kernels(engine), next, done);
}

}  // namespace evidence
