// What a package shows of its case's ledger: every line, those that concern other items withheld.
#pragma once

#include <functional>
#include <optional>
#include <set>

#include "custody/ledger.h"

namespace evidence {

// True for `open` and for events whose non-empty items are all in `items`.
bool is_shown(const Event& event, const std::set<std::string>& items);

struct ExtractFacts {
    std::uint64_t shown = 0, withheld = 0;
    std::set<std::string> signers;  // of shown events
    std::optional<UtcTime> latest;  // when the last of them was written down, or happened
};

// What becomes of events about items both inside and outside.
enum class MixedEvents {
    refused,
    withheld,  // in a disclosure, which may have any of a package's items
};

// Hands out the lines [0, size) as they stand in custody/ledger.jsonl. Error(refused) for an event
// about items both inside and outside of `items`: it could be neither shown nor withheld. Our own
// ledgers have none, see Ledger::append.
ExtractFacts extract_ledger(const Ledger& ledger, std::uint64_t size,
                            const std::set<std::string>& items,
                            const std::function<void(std::string_view line)>& sink,
                            MixedEvents mixed = MixedEvents::refused);

}  // namespace evidence
