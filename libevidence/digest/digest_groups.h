// Which digests of one stream are best computed by the same thread.
//
// Thread rule: plain function.
#pragma once

#include <vector>

#include "digest/algorithm.h"

namespace evidence {

// Each algorithm once, in groups for a MultiHasher each.
std::vector<std::vector<Algorithm>> digest_groups(const std::vector<Algorithm>& algorithms);

}  // namespace evidence
