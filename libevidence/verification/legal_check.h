// The legal layer: what binds a reader of the evidence, and whether it was held on a preservation
// that had run out. Clocks warn, they never decide: whether a use was lawful is for a court.
// Private to the room.
//
// Thread rule: plain functions and values.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/finding.h"
#include "base/json.h"
#include "custody/event.h"

namespace evidence {

// legal.condition (warning) for each, in words. `conditions` as in package.json.
void add_conditions(const Json& conditions, const std::string& where, Findings& findings);

// Sees the shown events in order. Preservation events (UNCC 25, 42; Budapest 16, 29) say in
// `detail.expires_at` until when the data are to be kept ("2026-03-01T00:00:00.000Z" or
// "2026-03-01": to the end of that day, UTC).
//
//   legal.preservation-expired  (warning) an item was acquired, or was still held, after the last
//                               preservation of it had run out; none when it is held until a
//                               request is decided
//   legal.preservation-unclear  (warning) the end of a preservation cannot be read
class PreservationClock {
public:
    explicit PreservationClock(Findings& findings) : findings_(findings) {}

    void add(const Event& event);
    void finish(UtcTime until);
    bool saw_any() const { return saw_any_; }

private:
    struct Preservation {
        std::optional<UtcTime> expires_at;  // none: for as long as a request is pending
        std::uint64_t seq;
    };
    void note(const Event& event, const std::string& item);
    void check(const std::string& item, UtcTime at, const std::string& what);

    Findings& findings_;
    std::map<std::string, Preservation> running_;  // by item
    bool saw_any_ = false;
};

}  // namespace evidence
