// What --quick does instead of reading an object from one end to the other: its pieces are compared
// with their signed list on all processors. Private to the room.
//
// Thread rule: plain functions and values.
#pragma once

#include "verification/object_check.h"
#include "verification/piece_check.h"

namespace evidence {

// Asked for, and there is a list of pieces; smaller objects are read in full.
bool can_check_quickly(const PackageCheck& check, const ZipEntry& entry, const PieceCheck& pieces);

// Fills in the rest of `object`. Always says that its digest was not computed
// (payload.digest-not-recomputed, indeterminate), and of a tree that its entries were not compared
// with their records (content.index-not-checked, indeterminate). Precondition: can_check_quickly.
void check_object_quickly(PackageCheck& check, const ZipEntry& entry, const Json& record,
                          RecordStream& records, PieceCheck& pieces, VerifiedObject& object);

}  // namespace evidence
