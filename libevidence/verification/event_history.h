// The events of a ledger as a report tells them: those at the beginning and those at the end, so
// that a history of any length takes the same memory.
//
// Thread rule: plain values.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "custody/event.h"

namespace evidence {

struct ShownEvent {
    static constexpr std::size_t max_items = 8;

    std::uint64_t seq = 0;
    std::string type;
    UtcTime at;
    std::string actor_name, actor_organization;
    bool is_signed = false;
    std::string place, reason, authority;
    std::vector<std::string> items;  // at most max_items of them
    std::uint64_t item_count = 0;
};

class EventHistory {
public:
    static constexpr std::size_t kept_at_each_end = 150;

    void add(const Event& event);

    std::uint64_t count() const { return count_; }
    // How many in the middle are only counted.
    std::uint64_t omitted() const { return count_ - first_.size() - last_.size(); }
    const std::vector<ShownEvent>& first() const { return first_; }
    const std::deque<ShownEvent>& last() const { return last_; }

private:
    std::vector<ShownEvent> first_;
    std::deque<ShownEvent> last_;
    std::uint64_t count_ = 0;
};

// What kind of step an event is, for the lanes of a drawing.
enum class EventGroup { acquisition, handling, sealing, transfer, verification, legal };
inline constexpr EventGroup all_event_groups[] = {EventGroup::acquisition,  EventGroup::handling,
                                                  EventGroup::sealing,      EventGroup::transfer,
                                                  EventGroup::verification, EventGroup::legal};

EventGroup group_of(std::string_view event_type);

}  // namespace evidence
