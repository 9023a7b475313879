// SHA-256 (FIPS 180-4) of one message that comes in parts, and of two messages over the same bytes
// side by side: an object's own and that of the package it goes into. Two chains interleaved take
// little more than the time of one, see sha256_lanes.h; the digests are those of sha256().
//
// Thread rule: belongs to one thread at a time.
#pragma once

#include <memory>

#include "digest/sha256_lanes.h"

namespace evidence {

class Sha256Stream {
public:
    // Error(unsupported) for an engine that does not work here.
    explicit Sha256Stream(Sha256Engine engine = engine_in_use());
    ~Sha256Stream();
    Sha256Stream(const Sha256Stream&) = delete;
    Sha256Stream& operator=(const Sha256Stream&) = delete;

    // Whether update_both() is faster here than one after the other.
    static bool pairs_pay(Sha256Engine engine = engine_in_use());

    void update(ByteView bytes);
    // The next bytes of both, which may have had any number of bytes before. Precondition: two
    // streams of the same engine.
    static void update_both(Sha256Stream& one, Sha256Stream& other, ByteView bytes);
    Sha256 finish();  // and starts anew

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace evidence
