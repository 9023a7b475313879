// The four drills, step by step. Private to drill.
//
// Thread rule: as drill_child.h.
#pragma once

#include "acquisition/drill_bench.h"

namespace evidence {

void drill_bad_sectors(DrillBench& bench);
void drill_short_reads(DrillBench& bench);
void drill_full_disk(DrillBench& bench);
void drill_kill(DrillBench& bench);

}  // namespace evidence
