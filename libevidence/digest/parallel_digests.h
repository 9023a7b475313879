// Several digests of one stream, each group of digest_groups() on a thread of its own.
//
// Thread rule: consumers run on the threads of broadcast(); everything else belongs to one thread.
#pragma once

#include <vector>

#include "base/broadcast.h"
#include "digest/digest.h"

namespace evidence {

class ParallelDigests {
public:
    explicit ParallelDigests(const std::vector<Algorithm>& algorithms);

    // For one broadcast(); they refer to this object, which stays where it is meanwhile.
    std::vector<BroadcastConsumer> consumers();
    // After it.
    DigestSet finish();

private:
    std::vector<MultiHasher> hashers_;
};

}  // namespace evidence
