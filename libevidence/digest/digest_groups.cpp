#include "digest/digest_groups.h"

#include <algorithm>
#include <thread>

#include "digest/fused_digest.h"
#include "digest/sha256_lanes.h"

namespace evidence {
namespace {

// With MD5 the others cost nothing, because MD5 alone takes as long. Without it each is faster
// alone, where there is a processor for it.
bool fusing_pays(const std::vector<Algorithm>& fused) {
    const bool has_md5 = std::find(fused.begin(), fused.end(), Algorithm::md5) != fused.end();
    return fused.size() >= 2 && (has_md5 || std::thread::hardware_concurrency() <= 2) &&
           engine_in_use() != Sha256Engine::openssl && FusedHasher::works_here();
}

}  // namespace

std::vector<std::vector<Algorithm>> digest_groups(const std::vector<Algorithm>& algorithms) {
    std::vector<Algorithm> fused;
    std::copy_if(algorithms.begin(), algorithms.end(), std::back_inserter(fused),
                 FusedHasher::knows);
    const bool fuse = fusing_pays(fused);
    std::vector<std::vector<Algorithm>> groups;
    if (fuse) groups.push_back(fused);
    for (const Algorithm algorithm : algorithms) {
        if (!fuse || !FusedHasher::knows(algorithm)) groups.push_back({algorithm});
    }
    return groups;
}

}  // namespace evidence
