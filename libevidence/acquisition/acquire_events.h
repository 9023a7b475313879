// The events of an acquisition, and what a failed one says. Private to acquire.
#pragma once

#include <exception>
#include <optional>

#include "acquisition/acquire.h"
#include "acquisition/source.h"

namespace evidence {

// Appends the acquire event with the item's row; sets `event_seq`.
void append_acquire_event(Ledger& ledger, const AcquireRequest& request, AcquiredItem& item,
                          const Context& context);

// What a failed acquisition leaves.
struct KeptItem {
    std::uint64_t resumable_bytes = 0;
    std::optional<fs::path> folder;  // where that is, or an item that is whole and has no name yet
};

// Appends the acquire_failed event, and throws the failure again with what became of the item.
[[noreturn]] void fail_and_record(Ledger& ledger, const AcquireRequest& request,
                                  const AcquiredItem& item, const Source& source,
                                  const KeptItem& kept, const std::exception_ptr& failure,
                                  const Context& context);

// An Error gets one more hint; anything else goes on as it is.
[[noreturn]] void rethrow_with_hint(const std::exception_ptr& failure, const std::string& hint);

}  // namespace evidence
