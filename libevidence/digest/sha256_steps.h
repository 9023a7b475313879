// SHA-256 of several messages of one length, of which the caller has a part each at a time: the
// pieces of an image, read in steps that stay in the cache. The digests and the engines are those
// of sha256_lanes.h.
//
// Thread rule: belongs to one thread at a time.
#pragma once

#include <memory>

#include "digest/sha256_lanes.h"

namespace evidence {

class Sha256Steps {
public:
    // At most that many serve an engine: sha256_lanes(), at least 4.
    static std::size_t max_messages(Sha256Engine engine);

    // Error(usage) for no message or too many, Error(unsupported) for an engine that does not work
    // here.
    explicit Sha256Steps(std::size_t messages, Sha256Engine engine = engine_in_use());
    ~Sha256Steps();

    // The next bytes of every message: as many parts as messages, all of the same size, a multiple
    // of 64; Error(usage) otherwise.
    void update(std::span<const ByteView> parts);
    // digests[i] becomes that of message i. To be called once, at the end.
    void finish(std::span<Sha256> digests);

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace evidence
