// Who owns what root acquires: devices are read as root, but the case belongs to the officer, who
// has to seal and verify it without being root.
#pragma once

#include "base/file.h"

namespace evidence {

// When run as root: gives `folder`, and the files directly in it, the owner and group of `model`.
// Links and files with several names are left alone: whoever may write there could have put them
// in the way. As far as the file system knows owners; nothing when not run as root.
void give_to_owner_of(const fs::path& model, const fs::path& folder);

}  // namespace evidence
