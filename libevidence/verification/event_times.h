// Whether the times of a history go forward, and whether each item is accounted for all the time.
// Private to the room.
//
// Thread rule: belongs to one thread.
#pragma once

#include <map>
#include <string>

#include "base/finding.h"
#include "custody/event.h"

namespace evidence {

// Sees the shown events of a ledger in order. Findings of the layer custody:
//   custody.gap-in-time    (warning) an event was written down more than five minutes before the
//                          one in front of it; or an item was given out and no event says that it
//                          came back
//   custody.recorded-late  (warning) an event was written down more than a day after it happened
//
// Memory grows with the number of items that are out, which only events about them can be.
class EventTimes {
public:
    explicit EventTimes(Findings& findings) : findings_(findings) {}

    void add(const Event& event);
    // `until`: up to when the history should account for the items; of a package when it was made.
    // Of a case that goes on (`is_going_on`) what is out now is only worth knowing.
    void finish(UtcTime until, bool is_going_on);

private:
    struct Absence {
        std::uint64_t seq;
        UtcTime since;
    };
    void warn(std::string code, std::string message, std::uint64_t seq);
    void note_place(const Event& event);

    Findings& findings_;
    std::optional<UtcTime> last_written_;
    std::uint64_t last_seq_ = 0;
    std::map<std::string, Absence> out_;  // by item
};

}  // namespace evidence
