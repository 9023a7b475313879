// SHA-256 of many independent messages at once (FIPS 180-4; the digests are those of sha256()).
//
// One message is a chain of blocks and cannot go faster than the processor goes through that chain.
// Several messages can: their blocks are worked on side by side, in the lanes of a vector or by
// interleaving the instructions of the SHA extensions. Pieces of an image, small files and the
// leaves of a tree come in such numbers.
//
//     engine    lanes  needs                     rate per core, one message in OpenSSL being 1
//     openssl     1    nothing                   1
//     avx2        8    AVX2                      2.6 where OpenSSL has no SHA extensions to use
//     shani       4    SHA extensions, SSE 4.1   1.7 (Zen 4)
//     avx512     16    AVX-512 F and BW          the last few messages of a set go to shani; slower
//                                                than that on Zen 4, which halves wide vectors
//
// An engine is used only where the processor and the operating system have what it needs, and only
// after it gave the right digests for a list of messages with known answers; that happens once, at
// the first call.
//
// Thread rule: every function may be called from any thread at any time.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "digest/digest.h"

namespace evidence {

enum class Sha256Engine { openssl, avx2, shani, avx512 };

std::string_view name_of(Sha256Engine engine);  // "avx512"
std::optional<Sha256Engine> sha256_engine_named(std::string_view name);

// The engines that work here, slowest first; openssl always does.
const std::vector<Sha256Engine>& usable_sha256_engines();
// The last of them, or what choose_sha256_engine() said: what is used when the caller does not
// choose.
Sha256Engine engine_in_use();
// For the whole process, before anything is hashed; openssl also switches off the loop of
// digest/fused_digest.h. Error(unsupported) when the engine does not work here.
void choose_sha256_engine(Sha256Engine engine);

// How many messages an engine works on at the same time.
std::size_t sha256_lanes(Sha256Engine engine);

// digests[i] becomes the SHA-256 of messages[i]; any lengths, any number. Precondition: as many
// digests as messages. Error(unsupported) when the engine does not work here.
void sha256_many(std::span<const ByteView> messages, std::span<Sha256> digests);
void sha256_many(Sha256Engine engine, std::span<const ByteView> messages,
                 std::span<Sha256> digests);

// The same for messages that come one by one. A lane that has ended its message takes the next one
// from `next` (called until it returns nothing, and never again after that) and goes on beside the
// others, so that neither a long message nor a short one makes anybody wait. `done` is called once
// for every message, in the order they end; its bytes must stay until then. At most sha256_lanes()
// messages are under way, so that many buffers are enough for a caller who reads files into them.
// What the callbacks throw passes through.
struct LaneMessage {
    ByteView bytes;
    std::size_t tag = 0;  // the caller's name for it
};
using NextLaneMessage = std::function<std::optional<LaneMessage>()>;
using LaneMessageDone = std::function<void(std::size_t tag, const Sha256& digest)>;
void sha256_each(Sha256Engine engine, const NextLaneMessage& next, const LaneMessageDone& done);

}  // namespace evidence
