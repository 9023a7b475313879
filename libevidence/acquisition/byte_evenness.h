// Whether bytes look like noise: encrypted, already compressed. To try to compress them costs much
// and gains nothing.
//
// Thread rule: independent calls may run in parallel.
#pragma once

#include "base/bytes.h"

namespace evidence {

// True when all 256 values are about as frequent as chance has them (chi-squared), neither less
// even nor more even than that: what repeats itself within the bytes is uneven, what counts up is
// too even. Then no coding of single bytes can save as much as 1 %. False for less than 16 KiB.
bool looks_like_noise(ByteView bytes);

}  // namespace evidence
