// The packages of a case, each naming the one sealed before it: a package against those that were
// given beside it. Private to the room.
//
// Thread rule: plain functions and values.
#pragma once

#include "verification/package_check.h"

namespace evidence {

// Findings of the layer custody:
//   package.previous-agrees     (info) the package that this one names as its previous was given
//   package.previous-not-given  (info; warning when another package of the ledger was given) it,
//                               or one before it, names one that was not given
//   package.previous-differs    (failed) one that is named is of another case or ledger, or was
//                               sealed later than the one that names it
//   package.previous-unnamed    (warning) the packages given do not lead from this one to one
//   sealed
//                               earlier from the same ledger
void check_package_chain(const PackageCheck& check);

}  // namespace evidence
