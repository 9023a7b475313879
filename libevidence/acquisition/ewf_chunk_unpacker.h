// Turns one chunk of an Expert Witness (E01) set back into its content, without libewf.
//
// Thread rule: belongs to one thread at a time.
#pragma once

#include <memory>

#include "acquisition/ewf_chunk_list.h"

namespace evidence {

class EwfChunkUnpacker {
public:
    static constexpr std::size_t checksum_bytes = 4;

    EwfChunkUnpacker();
    ~EwfChunkUnpacker();
    EwfChunkUnpacker(EwfChunkUnpacker&&) noexcept;
    EwfChunkUnpacker& operator=(EwfChunkUnpacker&&) = delete;

    // Fills `room` but for its last checksum_bytes, which are scratch. False for a chunk that is
    // damaged, or shorter or longer than that. What stands between its end and the next chunk is
    // not looked at.
    bool unpack(const EwfChunkPlace& place, MutableByteView room);

private:
    bool inflate(const EwfChunkPlace& place, MutableByteView content);

    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace evidence
