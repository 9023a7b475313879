#include "package/sorted_leaves.h"

#include <optional>

#include "base/error.h"
#include "base/hex.h"

namespace evidence {

void SortedLeaves::visit(const std::function<void(const Sha256& leaf)>& visitor) {
    std::optional<Sha256> last;
    leaves_.visit([&](const Sha256& leaf) {
        if (last && leaf == *last) {
            throw Error(ErrorKind::malformed,
                        "two records are equal: leaf " + to_hex(leaf) +
                            " (expected records that differ at least in their salt)");
        }
        last = leaf;
        visitor(leaf);
    });
}

}  // namespace evidence
