#include "digest/parallel_digests.h"

#include "digest/digest_groups.h"

namespace evidence {

ParallelDigests::ParallelDigests(const std::vector<Algorithm>& algorithms) {
    for (const auto& together : digest_groups(algorithms)) hashers_.emplace_back(together);
}

std::vector<BroadcastConsumer> ParallelDigests::consumers() {
    std::vector<BroadcastConsumer> all;
    for (MultiHasher& hasher : hashers_) {
        all.push_back([&hasher](ByteView bytes, std::uint64_t) { hasher.update(bytes); });
    }
    return all;
}

DigestSet ParallelDigests::finish() {
    DigestSet digests;
    for (MultiHasher& hasher : hashers_) digests.merge(hasher.finish());
    return digests;
}

}  // namespace evidence
