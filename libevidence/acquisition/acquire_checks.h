// What would make an acquisition impossible or meaningless, found before hours of reading. Private
// to acquire.
#pragma once

#include "acquisition/acquire.h"
#include "acquisition/source.h"

namespace evidence {

// Texts, author and event of the request.
void check_request(const AcquireRequest& request, const Context& context);

// The id asked for, or the next free one.
std::string choose_item_id(const CaseFolder& folder, const AcquireRequest& request,
                           const fs::path& items_folder);

// Error(exists) when the ledger knows the item.
void require_unrecorded(const Ledger& ledger, const std::string& item);

// That the options fit the source: Error(usage); Error(io) when it has another size than expected.
void check_options(const Source& source, const AcquireRequest& request);

}  // namespace evidence
