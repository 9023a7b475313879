// What an acquisition record says about its item, as far as a reader of a report wants to know it.
//
// Thread rule: plain values.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "acquisition/item_files.h"
#include "base/utc_time.h"

namespace evidence {

// Longer texts of evidence are cut in what is kept for a report.
inline constexpr std::size_t report_text_max_bytes = 1000;
std::string kept_text(std::string_view text);

struct VerifiedItem {
    std::string item, method;  // "USB-01", "image"
    std::string description, source, device, write_blocker;
    std::string operator_name, operator_organization, place, authority, tool;
    std::optional<UtcTime> started_at, completed_at;
    std::uint64_t size_bytes = 0;
    DigestSet digests;
    std::uint64_t unread_bytes = 0, unread_ranges = 0;
    // Of a tree; seen = collected + excluded + failed. Else `changed` alone.
    std::uint64_t seen = 0, excluded = 0, failed = 0, changed = 0;
    std::uint64_t zero_bytes = 0, breaks = 0;  // breaks: how often it was resumed
};

VerifiedItem facts_of(const AcquisitionRecord& record);
Json to_json(const VerifiedItem& item);

// The first items in full and the number of all.
class ItemList {
public:
    static constexpr std::size_t max_kept = 1000;

    void add(const AcquisitionRecord& record);
    const std::vector<VerifiedItem>& kept() const { return kept_; }
    std::uint64_t count() const { return count_; }

private:
    std::vector<VerifiedItem> kept_;
    std::uint64_t count_ = 0;
};

}  // namespace evidence
