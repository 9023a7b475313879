// What a reader insists on and this kind of target cannot show at all. Private to the room.
//
// Thread rule: plain functions and values.
#pragma once

#include "verification/verify_package.h"

namespace evidence {

// For targets without a chain of events, acquisitions and package signatures: each requirement
// about those is not established (indeterminate): custody.no-outside-head, custody.not-checked,
// acquisition.not-checked, signature.too-few-signers. Layers that are looked at anyway are left
// out of it.
void require_what_is_elsewhere(const VerificationOptions& options, VerificationReport& report);

}  // namespace evidence
