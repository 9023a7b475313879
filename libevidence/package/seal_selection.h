// What the ledger says before a seal: which items there are, what was promised about them, what was
// sealed before.
//
// Thread rule: plain functions and values.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "custody/ledger.h"
#include "package/documents.h"
#include "package/item_to_seal.h"

namespace evidence {

enum class ItemSelection { named, all, all_not_yet_sealed };

struct SealHistory {
    std::map<std::string, AcquirePromise> acquired;  // by item id
    std::set<std::string> sealed;                    // items in any earlier `seal` event
    std::optional<PreviousPackage> previous;         // of the last one
};

// Of the first `size` events.
SealHistory read_seal_history(const Ledger& ledger, std::uint64_t size);

// The rows of the items chosen, in the order of their `acquire` events, each once.
// Error(not_found) for an unknown name, Error(refused) when nothing is left to seal.
std::vector<ItemRow> select_items(const Ledger& ledger, const SealHistory& history,
                                  ItemSelection selection, const std::vector<std::string>& names);

// What events of that type say of this package.
struct RecordedPackage {
    std::uint64_t events = 0;
    std::set<std::string> items;
};
RecordedPackage events_of_package(const Ledger& ledger, std::string_view type,
                                  std::string_view package_id);

}  // namespace evidence
