// The redactable hash chain and its relevance tags (evidence-ledger(5), "Chain").
//
// Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "base/context.h"
#include "digest/digest.h"

namespace evidence {

inline constexpr std::size_t tag_bytes = 16;

using Tag = std::array<std::uint8_t, tag_bytes>;
using ItemKey = std::array<std::uint8_t, 16>;

// Binds an event to one item without naming it to those who lack the item's key.
Tag relevance_tag(const ItemKey& item_key, std::string_view ledger_id, std::uint64_t seq);

// The tags of one event: those of its items and random ones up to the next multiple of 8, sorted,
// concatenated.
Bytes make_tags(const std::vector<ItemKey>& item_keys, std::string_view ledger_id,
                std::uint64_t seq, RandomSource& random);

// How many tags the list of an event with that many items has: a positive multiple of 8.
std::size_t tag_count_for(std::size_t item_count);

// Sorted, a positive multiple of 8, no tag twice.
bool is_tag_list(ByteView tags);
bool has_tag(ByteView tags, const Tag& tag);

// SHA-256(0x10 || SHA-256(tags) || SHA-256(event bytes)), from the second digest.
Sha256 event_digest(ByteView tags, const Sha256& event_bytes_digest);

Sha256 first_link(std::string_view ledger_id);  // link before event 0
Sha256 next_link(const Sha256& link, const Sha256& event_digest);

}  // namespace evidence
