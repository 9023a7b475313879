#include "digest/digest_groups.h"

namespace evidence {

std::vector<std::vector<Algorithm>> digest_groups(const std::vector<Algorithm>& algorithms) {
    std::vector<std::vector<Algorithm>> groups;
    for (const Algorithm algorithm : algorithms) groups.push_back({algorithm});
    return groups;
}

}  // namespace evidence
