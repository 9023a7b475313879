// The packages of a case, each naming the one sealed before it: a package against those that were
// given beside it. Private to the room.
//
// Thread rule: plain functions and values.
#pragma once

#include "verification/package_check.h"

namespace evidence {

// Findings of the layer custody:
//   package.previous-agrees     (info) the package that this one names as its previous was given
//   package.previous-not-given  (info) it names one that was not given: that there is one is only
//                               said
//   package.previous-differs    (failed) the one it names is of another case or ledger, or was
//                               sealed later
//   package.previous-unnamed    (warning) a package sealed earlier from the same ledger is not one
//                               of those before it
void check_package_chain(const PackageCheck& check);

}  // namespace evidence
