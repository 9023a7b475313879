// MD5, SHA-1 and SHA-256 of one message in one loop: where the processor has the SHA extensions,
// all three cost little more than MD5 alone, which is bound by its own chain. The digests are those
// of Hasher, and proven against known answers before the first use.
//
// Thread rule: a FusedHasher belongs to one thread.
#pragma once

#include <memory>
#include <vector>

#include "digest/digest.h"

namespace evidence {

class FusedHasher {
public:
    // Whether this processor can, and gives the right answers; found out once.
    static bool works_here();
    // Whether this is one of the three.
    static bool knows(Algorithm algorithm);

    // Preconditions: works_here(), and knows() each of them.
    explicit FusedHasher(const std::vector<Algorithm>& algorithms);
    ~FusedHasher();
    FusedHasher(const FusedHasher&) = delete;
    FusedHasher& operator=(const FusedHasher&) = delete;

    void update(ByteView bytes);
    DigestSet finish();  // and starts anew

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace evidence
