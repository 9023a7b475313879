// The inner loop of fused_digest.h: MD5 (RFC 1321), SHA-1 and SHA-256 (FIPS 180-4) of one message,
// block by block side by side. Private to fused_digest.cpp; the rules of sha256_lanes_kernels.h
// hold here too.
//
// Thread rule: plain function.
#pragma once

#include <cstddef>
#include <cstdint>

namespace evidence {

// Chaining values; those of algorithms not asked for are not touched.
struct FusedState {
    std::uint32_t md5[4];
    std::uint32_t sha1[5];
    std::uint32_t sha256[8];
};

struct FusedChoice {
    bool md5, sha1, sha256;
};

// Feeds `blocks` blocks of 64 bytes. `data` needs no alignment.
void fused_blocks_shani(FusedChoice choice, FusedState& state, const std::uint8_t* data,
                        std::size_t blocks);

}  // namespace evidence
