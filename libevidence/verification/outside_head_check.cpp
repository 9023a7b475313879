// A package against what others hold about its case: heads of its ledger, other packages.
#include "base/hex.h"
#include "verification/head_comparison.h"
#include "verification/package_chain.h"
#include "verification/package_check.h"

namespace evidence {

void check_outside_heads(const PackageCheck& check) {
    ChainAtHand chain;
    chain.where = "custody/checkpoint";
    chain.manifest_sha256 = check.report.manifest_sha256;
    if (check.package && check.report.custody) {
        chain.ledger_id = check.package->ledger_id;
        chain.size = check.report.custody->events;
        chain.link = check.chain_link;
        chain.links = check.links;
    }
    compare_with_heads(chain, check.options, check.report);
    check_package_chain(check);
}

}  // namespace evidence
