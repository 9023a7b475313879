// The bytes of an item's object in a case, against its acquisition record. Private to the room.
//
// Thread rule: plain functions; work with threads of their own.
#pragma once

#include "acquisition/item_files.h"
#include "verification/case_check.h"

namespace evidence {

// Fills in what was found of `object`, whose name is that of its first file, and adds findings.
// Error(not_found), Error(io), Error(malformed) for files that cannot be read.
void check_case_object(CaseCheck& check, const AcquisitionRecord& record, VerifiedObject& object);

// `name` is relative to the case.
std::string sha256_of_case_file(const CaseCheck& check, const std::string& name);

}  // namespace evidence
