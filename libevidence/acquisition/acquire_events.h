// The events of an acquisition, and what a failed one says. Private to acquire.
#pragma once

#include <exception>

#include "acquisition/acquire.h"
#include "acquisition/source.h"

namespace evidence {

// Appends the acquire event with the item's row; sets `event_seq`.
void append_acquire_event(Ledger& ledger, const AcquireRequest& request, AcquiredItem& item,
                          const Context& context);

// Appends the acquire_failed event, and throws the failure again with what became of the item.
[[noreturn]] void fail_and_record(Ledger& ledger, const AcquireRequest& request,
                                  const AcquiredItem& item, const Source& source,
                                  std::uint64_t resumable_bytes, const std::exception_ptr& failure,
                                  const Context& context);

// An Error gets one more hint; anything else goes on as it is.
[[noreturn]] void rethrow_with_hint(const std::exception_ptr& failure, const std::string& hint);

}  // namespace evidence
